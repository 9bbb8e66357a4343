import { readFileSync } from 'node:fs';
import { getSystemErrorMap } from 'node:util';
import type { ImageConfig } from './image-config.ts';
import { ImageError } from './image-error.ts';
import { isObject, type Json } from './manifest.ts';
import { isDigest } from './reference.ts';

/**
 * The images file: what images run, for whoever works where no registry can be reached.
 *
 * ```json
 * { "images": { "registry.example.com/shop/web:1.4": { "entrypoint": ["/app"], "cmd": ["serve"] } } }
 * ```
 *
 * Each image has at least `entrypoint` or `cmd`, empty where the image has none; `null` in place of an image is still to be filled in.
 */
const format = '{"images": {"IMAGE": {"entrypoint": [...], "cmd": [...]}}}';

const fields = ['digest', 'os', 'architecture', 'entrypoint', 'cmd', 'user', 'workingDir', 'env', 'shell'] as const;

/**
 * By reference, as it stands there; undefined: still to be filled in.
 *
 * @throws ImageError (IMAGE_FILE)
 */
export function readImagesFile(path: string): ReadonlyMap<string, ImageConfig | undefined> {
  const json = readJsonFile(path);
  if (!isObject(json) || !isObject(json.images)) throw refused(path, 'is no images file');
  return new Map(
    Object.entries(json.images).map(([reference, value]) => [
      reference,
      value === null ? undefined : readEntry(value, reference, path),
    ]),
  );
}

/** The text of an images file. */
export function imagesFileText(images: ReadonlyMap<string, ImageConfig | undefined>): string {
  const entries = [...images].map(([reference, config]) => {
    if (config === undefined) return [reference, null];
    const { reference: _, entrypoint = [], cmd = [], env, ...more } = config;
    const isEmpty = Object.keys(env).length === 0;
    return [reference, { ...more, entrypoint, cmd, ...(isEmpty ? {} : { env }) }];
  });
  return `${JSON.stringify({ images: Object.fromEntries(entries) }, undefined, 2)}\n`;
}

function readJsonFile(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const why = getSystemErrorMap().get((cause as NodeJS.ErrnoException).errno ?? 0)?.[1];
    throw new ImageError('IMAGE_FILE', path, `cannot be read: ${why ?? (cause as Error).message}`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refused(path, `is no JSON: ${(cause as Error).message}`);
  }
}

function readEntry(value: unknown, reference: string, path: string): ImageConfig {
  const at = (name: string) => `has at images[${JSON.stringify(reference)}]${name}`;
  if (!isObject(value)) throw refused(path, `${at('')} what is neither an object nor null`);
  const unknown = Object.keys(value).find((name) => !fields.some((field) => field === name));
  if (unknown !== undefined) {
    throw refused(path, `${at('')} the unknown field ${JSON.stringify(unknown)}`, `use ${fields.join(', ')}`);
  }
  const words = (name: string): readonly string[] | undefined => {
    const list = value[name] ?? [];
    if (!Array.isArray(list) || !list.every((word) => typeof word === 'string')) {
      throw refused(path, `${at(`.${name}`)} what is no list of strings`);
    }
    return list.length === 0 ? undefined : list;
  };
  const text = (name: string): string | undefined => {
    const found = value[name] ?? '';
    if (typeof found !== 'string') throw refused(path, `${at(`.${name}`)} what is no string`);
    return found === '' ? undefined : found;
  };
  if (value.entrypoint === undefined && value.cmd === undefined) {
    throw refused(path, `${at('')} neither entrypoint nor cmd`, 'write [] for what the image has none of');
  }
  const digest = text('digest');
  if (digest !== undefined && !isDigest(digest)) throw refused(path, `${at('.digest')} what is no digest`);
  return {
    reference,
    digest,
    os: text('os') ?? 'linux',
    architecture: text('architecture'),
    entrypoint: words('entrypoint'),
    cmd: words('cmd'),
    user: text('user'),
    workingDir: text('workingDir'),
    env: readEnv(value, path, at('.env')),
    shell: words('shell'),
  };
}

function readEnv({ env = {} }: Json, path: string, at: string): Readonly<Record<string, string>> {
  if (isObject(env) && Object.values(env).every((text) => typeof text === 'string')) {
    return env as Readonly<Record<string, string>>;
  }
  throw refused(path, `${at} what is no object of strings`);
}

function refused(path: string, what: string, advice = `write ${format}`): ImageError {
  return new ImageError('IMAGE_FILE', path, what, { advice });
}
