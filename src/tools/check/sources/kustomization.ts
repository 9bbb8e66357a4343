import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { dict, isDict, list, text } from '../../../check/read/values.ts';
import { reasonOf } from './file-text.ts';

/** What a kustomization does to its resources, and this reader does not. */
const changingKey = /patches|Generator|transformers|replacements|namePrefix|nameSuffix|helmCharts/;
const remoteResource = /^[a-z+]+:\/\/|^git@|^github\.com\/|^git::/;

export interface Kustomization {
  readonly path: string;
  readonly namespace: string | undefined;
  /** Files and folders that it takes in, as it writes them, with their lines. */
  readonly resources: readonly { readonly written: string; readonly path: string; readonly line: number }[];
  readonly remote: readonly string[];
  /** Keys that would change its resources. */
  readonly changes: readonly string[];
  /** All files that it may name: patches and what generators read are no manifests. */
  readonly mentioned: ReadonlySet<string>;
}

/** Undefined: the file is no kustomization, whatever it is called. */
export function readKustomization(path: string): Kustomization | undefined | { readonly message: string } {
  let content: string;
  let data: unknown;
  try {
    content = readFileSync(path, 'utf8');
    data = parse(content, { logLevel: 'error' });
  } catch (error) {
    return { message: reasonOf(error) };
  }
  if (data !== null && !isDict(data)) return { message: 'it must be a mapping' };
  const kustomization = dict(data);
  const version = text(kustomization.apiVersion);
  // Flux calls its own objects Kustomization, too.
  if (version !== undefined && !version.startsWith('kustomize.config.k8s.io/')) return undefined;
  const lines = content.split('\n');
  const folder = dirname(path);
  const entries = ['resources', 'bases', 'components']
    .flatMap((key) => list(kustomization[key]))
    .flatMap((entry) => text(entry) ?? []);
  return {
    path,
    namespace: text(kustomization.namespace),
    resources: entries
      .filter((written) => !remoteResource.test(written))
      .map((written) => ({ written, path: resolve(folder, written), line: lineOf(lines, written) })),
    remote: entries.filter((written) => remoteResource.test(written)),
    changes: Object.keys(kustomization).filter((key) => changingKey.test(key)),
    mentioned: new Set(strings(kustomization).map((word) => resolve(folder, word))),
  };
}

function lineOf(lines: readonly string[], word: string): number {
  return Math.max(1, lines.findIndex((line) => line.includes(word)) + 1);
}

/** All short texts in it. Generators write `key=file`. */
function strings(data: unknown, depth = 0): string[] {
  if (typeof data === 'string') {
    return data.length > 300 || data.includes('\0')
      ? []
      : [data, ...(data.includes('=') ? [data.slice(data.indexOf('=') + 1)] : [])];
  }
  if (depth > 10) return [];
  if (Array.isArray(data)) return data.flatMap((item) => strings(item, depth + 1));
  return isDict(data) ? Object.values(data).flatMap((item) => strings(item, depth + 1)) : [];
}
