import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parse } from 'yaml';
import type { ManifestSource } from '../../check/read/manifest.ts';
import { dict, list, text } from '../../check/read/values.ts';
import { ToolError, type ToolIo } from '../tool.ts';

const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const manifestName = /\.(ya?ml|json)$/i;
const leftOutNames = new Set(['node_modules', 'vendor']);

export interface ReadSources {
  readonly sources: readonly ManifestSource[];
  /** What the user should know about how they were read. */
  readonly notes: readonly string[];
}

/**
 * Reads files, folders and `-`. A folder with a kustomization gives what that lists, another one all its YAML and JSON.
 *
 * @throws ToolError when a path cannot be read
 */
export async function readSources(paths: readonly string[], io: ToolIo): Promise<ReadSources> {
  const sources = new Map<string, ManifestSource>();
  const notes: string[] = [];
  const reader = new Reader(io.cwd, sources, notes);
  for (const path of paths) {
    if (path === '-') sources.set('-', { name: '<stdin>', text: await readAll(io) });
    else reader.read(resolve(io.cwd, path));
  }
  return { sources: [...sources.values()], notes };
}

async function readAll({ stdin }: ToolIo): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

class Reader {
  readonly #cwd: string;
  readonly #sources: Map<string, ManifestSource>;
  readonly #notes: string[];

  constructor(cwd: string, sources: Map<string, ManifestSource>, notes: string[]) {
    this.#cwd = cwd;
    this.#sources = sources;
    this.#notes = notes;
  }

  read(path: string, namespace?: string): void {
    if (this.#attempt(path, () => statSync(path)).isDirectory()) this.#readFolder(path, namespace);
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
      const path = join(folder, name);
      if (name.startsWith('.') || leftOutNames.has(name)) continue;
      if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) this.#readFolder(path, namespace);
      else if (manifestName.test(name)) this.#readFile(path, namespace);
    }
  }

  #readKustomization(folder: string, path: string, outer: string | undefined): void {
    const kustomization = dict(this.#attempt(path, () => parse(readFileSync(path, 'utf8'))));
    const namespace = outer ?? text(kustomization.namespace);
    const changes = Object.keys(kustomization).filter((key) =>
      /patches|Generator|transformers|replacements|namePrefix|nameSuffix|helmCharts|components/.test(key),
    );
    if (changes.length > 0) {
      const what = changes.join(', ');
      this.#notes.push(
        `${this.#name(path)}: ${what} not applied; for the result: kustomize build ${this.#name(folder) || '.'} | mesh-shim check -`,
      );
    }
    for (const entry of [...list(kustomization.resources), ...list(kustomization.bases)]) {
      const resource = text(entry);
      if (resource === undefined) continue;
      if (/^[a-z+]+:\/\/|^git@|^github\.com\//.test(resource))
        this.#notes.push(`${this.#name(path)}: ${resource} is not fetched`);
      else this.read(resolve(folder, resource), namespace);
    }
  }

  #readFile(path: string, namespace: string | undefined): void {
    if (this.#sources.has(path)) return;
    const content = this.#attempt(path, () => readFileSync(path, 'utf8'));
    this.#sources.set(path, { name: this.#name(path), text: content, namespace });
  }

  #name(path: string): string {
    const near = relative(this.#cwd, path);
    return near.startsWith('..') ? path : near;
  }

  #attempt<Result>(path: string, read: () => Result): Result {
    try {
      return read();
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      const why = code === 'ENOENT' ? 'there is no such file or folder' : message.split('\n')[0];
      throw new ToolError(`cannot read ${this.#name(path)}: ${why}`, { cause });
    }
  }
}
