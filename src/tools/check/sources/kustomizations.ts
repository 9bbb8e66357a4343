import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onOneLine } from '../../one-line.ts';
import type { Collected, SourcePlace } from './collected.ts';
import { reasonOf } from './file-text.ts';
import type { Filter } from './filters.ts';
import { type Kustomization, readKustomization } from './kustomization.ts';
import { kustomizationNames, manifestName, type Place, realPath, walkFolder } from './walk.ts';

/** The kustomizations that the paths of a command line lead to, each read once. */
export class Kustomizations {
  readonly #log: Collected;
  readonly #leftOut: Filter;
  /** By the real path of their folder; undefined where it has none, or one that cannot be read. */
  readonly #known = new Map<string, Kustomization | undefined>();
  readonly #broken = new Set<string>();
  readonly #picked = new Set<string>();
  readonly #mentioned = new Set<string>();
  readonly #reached = new Set<string>();
  readonly #changing: Kustomization[] = [];

  constructor(log: Collected, leftOut: Filter) {
    this.#log = log;
    this.#leftOut = leftOut;
  }

  /** That of a folder; `place` is its file, where that is known. */
  of(folder: Place, place = fileIn(folder.path)): Kustomization | undefined {
    if (this.#known.has(folder.real)) return this.#known.get(folder.real);
    const read = place === undefined ? undefined : readKustomization(place.path);
    const isBroken = read !== undefined && 'message' in read;
    if (isBroken && place !== undefined) {
      this.#broken.add(place.path);
      this.#log.cannotRead(this.#log.name(place.path), read.message);
    }
    const kustomization = isBroken ? undefined : read;
    this.#known.set(folder.real, kustomization);
    for (const path of kustomization?.mentioned ?? []) this.#mentioned.add(path);
    for (const { path } of kustomization?.resources ?? []) {
      if (manifestName.test(path)) this.#picked.add(dirname(path));
    }
    return kustomization;
  }

  /** Those of these folders that no other one includes; of a cycle, the first. */
  roots(folders: readonly Place[]): Place[] {
    const included = new Set<string>();
    for (const folder of folders) {
      for (const inner of this.#foldersIn(folder)) if (inner.real !== folder.real) included.add(inner.real);
    }
    const roots = folders.filter(({ real }) => !included.has(real));
    const covered = new Set<string>();
    for (const root of roots) this.#cover(root, covered);
    for (const folder of folders) {
      if (covered.has(folder.real)) continue;
      roots.push(folder);
      this.#cover(folder, covered);
    }
    return roots;
  }

  /** Whether a kustomization takes single files from the folder, and so leaves its others out. */
  picksFrom(folder: Place): boolean {
    return this.of(folder) !== undefined || this.#picked.has(folder.path);
  }

  isBroken(path: string): boolean {
    return this.#broken.has(path);
  }

  /** Whether a kustomization lists the file, or names it as a patch or the like. */
  mentions(path: string): boolean {
    return this.#mentioned.has(path);
  }

  /** Whether a kustomization that was added took the folder in. */
  hasReached(real: string): boolean {
    return this.#reached.has(real);
  }

  /** Adds what a kustomization lists to a world. */
  add(folder: Place, place: SourcePlace, outer: readonly string[] = []): void {
    const kustomization = this.of(folder);
    if (kustomization === undefined) return;
    const file = this.#log.name(kustomization.path);
    if (!this.#reached.has(folder.real) && kustomization.changes.length > 0) this.#changing.push(kustomization);
    this.#reached.add(folder.real);
    const inner = { ...place, namespaceOverride: place.namespaceOverride ?? kustomization.namespace };
    for (const url of kustomization.remote) this.#log.leaveOut(file, `${onOneLine(url)} was not fetched`);
    for (const { written, path, line } of kustomization.resources) {
      try {
        const isFolder = statSync(path).isDirectory();
        const target = { path, real: realPath(path) };
        if (this.#leftOut(path, isFolder)) continue;
        if (!isFolder) this.#log.addFile(path, target.real, inner);
        else if ([...outer, folder.real].includes(target.real)) {
          this.#log.cannotRead(
            file,
            `a cycle: ${onOneLine(written)} leads back to a kustomization that includes this one`,
            line,
          );
        } else this.#addFolder(target, inner, [...outer, folder.real]);
      } catch (error) {
        this.#log.cannotRead(file, `${onOneLine(written)}: ${onOneLine(reasonOf(error))}`, line);
      }
    }
  }

  /** Notes that a kustomization, and all that it includes, has come rendered. */
  addRendered(folder: Place): void {
    this.#cover(folder, this.#reached);
  }

  /** What is not applied, in one line, however many they are. `advice`: what to do about it, for a folder. */
  note(advice: (folder: string) => string): string | undefined {
    const [first] = this.#changing;
    if (first === undefined) return undefined;
    const keys = [...new Set(this.#changing.flatMap(({ changes }) => changes))];
    const folder = this.#log.name(dirname(first.path));
    const name = this.#log.name(first.path);
    const others = this.#changing.length - 1;
    const who = others === 0 ? name : `${name} and ${others} more`;
    return `${who}: ${keys.join(', ')} not applied; ${advice(folder)}`;
  }

  #addFolder(folder: Place, place: SourcePlace, outer: readonly string[]): void {
    if (this.of(folder) !== undefined) this.add(folder, place, outer);
    else {
      this.#reached.add(folder.real);
      for (const { files } of walkFolder(folder.path, this.#leftOut, false, this.#log)) {
        for (const file of files) this.#log.addFile(file.path, file.real, place);
      }
    }
  }

  #foldersIn(folder: Place): Place[] {
    const { resources = [] } = this.of(folder) ?? {};
    return resources.flatMap(({ path }) => {
      const real = realPath(path);
      return isFolder(real) ? [{ path, real }] : [];
    });
  }

  #cover(folder: Place, covered: Set<string>): void {
    const open = [folder];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (covered.has(next.real)) continue;
      covered.add(next.real);
      open.push(...this.#foldersIn(next));
    }
  }
}

function fileIn(folder: string): Place | undefined {
  try {
    const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
    const name = kustomizationNames.find((one) => names.some((entry) => entry.name === one));
    return name === undefined ? undefined : { path: join(folder, name), real: realPath(join(folder, name)) };
  } catch {
    return undefined;
  }
}

/** A folder that cannot be looked at is none. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
