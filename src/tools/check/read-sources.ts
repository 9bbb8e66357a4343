import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parse } from 'yaml';
import type { ManifestSource } from '../../check/read/manifest.ts';
import { dict, list, text } from '../../check/read/values.ts';
import { attempt, readStandardInput } from '../attempt.ts';
import type { ToolIo } from '../tool.ts';

const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const manifestName = /\.(ya?ml|json)$/i;
const leftOutNames = new Set(['node_modules', 'vendor']);
/** What a kustomization does to its resources, and this reader does not. */
const changingKey = /patches|Generator|transformers|replacements|namePrefix|nameSuffix|helmCharts|components/;
const remoteResource = /^[a-z+]+:\/\/|^git@|^github\.com\//;

export interface ReadSources {
  readonly sources: readonly ManifestSource[];
  /** What the user should know about how they were read. */
  readonly notes: readonly string[];
}

/**
 * Reads files, folders and `-`. A folder with a kustomization gives what that lists, another one all its YAML and JSON.
 * What is named twice, or reached again through a link or a kustomization, is read once.
 *
 * @throws ToolError when a path cannot be read
 */
export async function readSources(paths: readonly string[], io: ToolIo): Promise<ReadSources> {
  const reader = new Reader(io.cwd);
  for (const path of paths) {
    if (path !== '-') reader.read(resolve(io.cwd, path));
    else if (reader.isNew('-')) reader.sources.push({ name: '<stdin>', text: await readStandardInput(io) });
  }
  return reader;
}

class Reader implements ReadSources {
  readonly sources: ManifestSource[] = [];
  readonly notes: string[] = [];
  readonly #cwd: string;
  readonly #seen = new Set<string>();

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /** True the first time that it is asked for this file or folder. */
  isNew(path: string): boolean {
    const known = this.#seen.size;
    return this.#seen.add(path).size > known;
  }

  read(path: string, namespace?: string): void {
    const isFolder = this.#attempt(path, () => statSync(path)).isDirectory();
    if (!this.isNew(realPath(path))) return;
    if (isFolder) this.#readFolder(path, namespace);
    else this.#readFile(path, namespace);
  }

  #readFolder(folder: string, namespace: string | undefined): void {
    const names = this.#attempt(folder, () => readdirSync(folder)).toSorted();
    const kustomization = kustomizationNames.find((name) => names.includes(name));
    if (kustomization !== undefined) {
      this.#readKustomization(folder, join(folder, kustomization), namespace);
      return;
    }
    for (const name of names) {
      if (name.startsWith('.') || leftOutNames.has(name)) continue;
      const path = join(folder, name);
      if (manifestName.test(name) || isFolder(path)) this.read(path, namespace);
    }
  }

  #readKustomization(folder: string, path: string, outer: string | undefined): void {
    const read = () => parse(readFileSync(path, 'utf8'), { logLevel: 'error' });
    const kustomization = dict(this.#attempt(path, read));
    const namespace = outer ?? text(kustomization.namespace);
    const changes = Object.keys(kustomization).filter((key) => changingKey.test(key));
    if (changes.length > 0) {
      const build = `kustomize build ${this.#name(folder) || '.'} | mesh-shim check -`;
      this.notes.push(`${this.#name(path)}: ${changes.join(', ')} not applied; to check the result: ${build}`);
    }
    for (const entry of [...list(kustomization.resources), ...list(kustomization.bases)]) {
      const resource = text(entry);
      if (resource === undefined) continue;
      if (remoteResource.test(resource)) this.notes.push(`${this.#name(path)}: ${resource} was not fetched`);
      else this.read(resolve(folder, resource), namespace);
    }
  }

  #readFile(path: string, namespace: string | undefined): void {
    const content = this.#attempt(path, () => readFileSync(path, 'utf8'));
    this.sources.push({ name: this.#name(path), text: content, namespace });
  }

  #name(path: string): string {
    const near = relative(this.#cwd, path);
    return near.startsWith('..') ? path : near;
  }

  #attempt<Result>(path: string, read: () => Result): Result {
    return attempt(`read ${this.#name(path) || '.'}`, read);
  }
}

/** A folder that cannot be looked at is none: it was not named by the user. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** A pipe, as in `<(helm template ...)`, has none. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
