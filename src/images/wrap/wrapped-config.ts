import { isObject, type Json } from '../manifest.ts';
import { shimPath } from './shim-layer.ts';

/** How an image starts its app behind the shim. */
export interface ShimStart {
  /** Options on the shim's own command line. */
  readonly words: readonly string[];
  /** Variables of the image. */
  readonly env: Readonly<Record<string, string>>;
  /** Of mesh-shim. */
  readonly version: string;
}

/** The config of an image and its layers, as far as they say what runs. */
export interface ConfigFile {
  readonly json: Json;
  readonly run: Json;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: readonly string[];
  readonly diffIds: readonly unknown[];
  readonly history: readonly unknown[];
}

/** Begins the line of the history that says that the last layer is ours. */
const createdBy = 'mesh-shim image';

/** What the history keeps beside it, so that the layer can be taken off again. */
interface Memory {
  readonly version: string;
  /** The archive of our layer: whoever builds on the image, or squashes it, may keep the line and lose the layer. */
  readonly layer: string;
  /** The image's variables that were added or replaced: what they were before. */
  readonly before: Readonly<Record<string, string | null>>;
}

export function configFile(json: Json): ConfigFile {
  const run = isObject(json.config) ? json.config : {};
  const rootfs = isObject(json.rootfs) ? json.rootfs : {};
  return {
    json,
    run,
    entrypoint: texts(run.Entrypoint),
    cmd: texts(run.Cmd),
    env: texts(run.Env),
    diffIds: list(rootfs.diff_ids),
    history: list(json.history),
  };
}

/** Behind the shim, with one layer more; all else stays as it is. */
export function wrapConfig(config: ConfigFile, diffId: string, start: ShimStart): Json {
  const { json, run, entrypoint, env, diffIds } = config;
  const before = Object.fromEntries(Object.keys(start.env).map((name) => [name, variable(env, name) ?? null]));
  const memory: Memory = { version: start.version, layer: diffId, before };
  const entry = {
    // Of the image, not of now: the same image gives the same digest.
    ...(typeof json.created === 'string' ? { created: json.created } : {}),
    created_by: [createdBy, ...start.words].join(' '),
    comment: JSON.stringify(memory),
  };
  const variables = Object.entries(start.env).reduce(withVariable, env);
  return {
    ...json,
    config: {
      ...run,
      Entrypoint: [shimPath, ...start.words, '--', ...entrypoint],
      ...(Object.keys(start.env).length > 0 ? { Env: variables } : {}),
    },
    rootfs: { ...(isObject(json.rootfs) ? json.rootfs : {}), type: 'layers', diff_ids: [...diffIds, diffId] },
    history: [...wholeHistory(config), entry],
  };
}

/** Without the layer that `wrapConfig` has added as the last one; undefined where it has not. */
export function unwrapConfig({ json, run, entrypoint, env, diffIds, history }: ConfigFile): Json | undefined {
  const memory = memoryIn(history.at(-1));
  const end = entrypoint.indexOf('--');
  if (memory === undefined || memory.layer !== diffIds.at(-1)) return undefined;
  if (entrypoint[0] !== shimPath || end < 0) return undefined;
  const variables = Object.entries(memory.before).reduce(
    (lines, [name, value]) => (value === null ? without(lines, name) : withVariable(lines, [name, value])),
    env,
  );
  return {
    ...json,
    // Keys stay where they are, even if they are empty: their order is a part of the digest.
    config: {
      ...run,
      Entrypoint: entrypoint.slice(end + 1),
      ...(Object.keys(memory.before).length > 0 ? { Env: variables } : {}),
    },
    rootfs: { ...(isObject(json.rootfs) ? json.rootfs : {}), diff_ids: diffIds.slice(0, -1) },
    history: history.slice(0, -1),
  };
}

function memoryIn(entry: unknown): Memory | undefined {
  if (!isObject(entry) || !String(entry.created_by).startsWith(createdBy)) return undefined;
  try {
    const memory: unknown = JSON.parse(String(entry.comment));
    return isObject(memory) && isObject(memory.before) && typeof memory.layer === 'string'
      ? (memory as unknown as Memory)
      : undefined;
  } catch {
    return undefined;
  }
}

/** One entry for each layer: where the image has no history, or a shorter one, our entry would be taken for another layer's. */
function wholeHistory({ history, diffIds }: ConfigFile): readonly unknown[] {
  const known = history.filter((entry) => !(isObject(entry) && entry.empty_layer === true)).length;
  const missing = Math.max(0, diffIds.length - known);
  return [...Array.from({ length: missing }, () => ({ created_by: 'unknown' })), ...history];
}

function variable(env: readonly string[], name: string): string | undefined {
  return env.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
}

function withVariable(env: readonly string[], [name, value]: readonly [string, string]): readonly string[] {
  const line = `${name}=${value}`;
  const isThere = variable(env, name) !== undefined;
  return isThere ? env.map((other) => (other.startsWith(`${name}=`) ? line : other)) : [...env, line];
}

function without(env: readonly string[], name: string): readonly string[] {
  return env.filter((line) => !line.startsWith(`${name}=`));
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function texts(value: unknown): readonly string[] {
  return list(value).filter((word) => typeof word === 'string');
}
