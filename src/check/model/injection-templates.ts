import type { InjectorConfig } from './injector-config.ts';
import type { Inputs } from './inputs.ts';

export const templatesAnnotation = 'inject.istio.io/templates';

/** Templates of Istio 1.31's own chart. */
const chartTemplates: readonly string[] = [
  'agentgateway',
  'agentgateway-waypoint',
  'gateway',
  'grpc-agent',
  'grpc-simple',
  'kube-gateway',
  'sidecar',
  'waypoint',
];

/** The templates that a pod asks for, the default one where it asks for none. */
export function templatesOf(annotations: Readonly<Record<string, string>>): readonly string[] {
  return annotations[templatesAnnotation]?.split(',').map((name) => name.trim()) ?? ['sidecar'];
}

/** A template that the installation does not have, or may not have. */
export interface MissingTemplate {
  readonly name: string;
  /** Those that it has, as far as is known. */
  readonly known: readonly string[];
  /** What tells which it has, an object or the input; undefined: nothing, so that it may have added the template. */
  readonly by: { readonly object: string } | 'input' | undefined;
}

/** The first template that a pod asks for and the injector does not have: it refuses the pod. */
export function missingTemplate(
  annotations: Readonly<Record<string, string>>,
  injector: InjectorConfig,
  { injectionTemplates }: Inputs,
): MissingTemplate | undefined {
  const known = injector.templates?.names ?? [...chartTemplates, ...(injectionTemplates ?? [])];
  const name = templatesOf(annotations).find((asked) => !known.includes(asked));
  if (name === undefined) return undefined;
  if (injector.templates !== undefined) return { name, known, by: { object: injector.templates.by } };
  return { name, known, by: injectionTemplates === undefined ? undefined : 'input' };
}
