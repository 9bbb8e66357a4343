import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = 'test/fixtures/istio';
export const apiFile = join(folder, 'api.json');
export const injectorFile = join(folder, 'injector.json');
export const podsFile = join(folder, 'annotations.json');

/** What api/main.go says of one release. */
export interface RecordedApi {
  readonly module: string;
  readonly annotations: readonly { readonly name: string; readonly resources: readonly string[] }[];
  /** Fields of ProxyConfig and of each message below it, by the message's full name. */
  readonly messages: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export type Annotations = Readonly<Record<string, string>>;

/** What injector/main.go made of a pod. */
export interface Outcome {
  readonly annotations: Annotations;
  readonly init?: readonly string[];
  readonly containers?: readonly string[];
  readonly error?: string;
}

export interface RecordedInjector {
  readonly module: string;
  /** The templates of its chart. */
  readonly templates: readonly string[];
  readonly outcomes: readonly Outcome[];
}

export const recordedApis = (): Readonly<Record<string, RecordedApi>> => read(apiFile);
export const recordedInjectors = (): Readonly<Record<string, RecordedInjector>> => read(injectorFile);
/** The pods that every injector is asked about. */
export const podAnnotations = (): readonly Annotations[] => read(podsFile);

function read<Value>(file: string): Value {
  return JSON.parse(readFileSync(file, 'utf8')) as Value;
}
