import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readStandardInput } from '../attempt.ts';
import { ToolError, type ToolIo } from '../tool.ts';
import { Collected, type ReadSources } from './sources/collected.ts';
import { reasonOf } from './sources/file-text.ts';
import { anyOf, excludeFilter, type Filter, gitignoreAbove } from './sources/filters.ts';
import { Kustomizations } from './sources/kustomizations.ts';
import { type Place, realPath, type WalkedFolder, walkFolder } from './sources/walk.ts';

export type { ReadSources } from './sources/collected.ts';

export interface ReadOptions {
  /** What to leave out, as in .gitignore, from the working folder. */
  readonly exclude: readonly string[];
  /** Whether .gitignore files count in folders. */
  readonly gitignore: boolean;
}

/**
 * Reads files, folders and `-` into worlds: of a folder, each kustomization that no other one includes is a cluster of its
 * own, and so are the manifests that belong to none. What is given as a file goes to all of them.
 *
 * @throws ToolError when there is nothing but one path that cannot be read
 */
export async function readSources(paths: readonly string[], io: ToolIo, options: ReadOptions): Promise<ReadSources> {
  const log = new Collected(io.cwd);
  const exclude = excludeFilter(options.exclude, io.cwd);
  const kustomizations = new Kustomizations(log, exclude);
  const files: string[] = [];
  for (const path of new Set(paths)) {
    const whole = resolve(io.cwd, path);
    if (path === '-') files.push(path);
    else if (isFolder(whole, log)) readFolder(whole, exclude, options, kustomizations, log);
    else if (!log.unread.some(({ file }) => file === log.name(whole)) && !exclude(whole, false)) files.push(whole);
  }
  const worlds = [...new Set(log.sources.map(({ world }) => world))];
  for (const path of files) {
    const text = path === '-' ? await readStandardInput(io) : undefined;
    for (const world of worlds.length === 0 ? [undefined] : worlds) {
      if (text !== undefined) log.addText('<stdin>', text, { world });
      else log.addFile(path, realPath(path), { world }, true);
    }
  }
  const note = kustomizations.note();
  if (note !== undefined) log.notes.push(note);
  const [first, ...others] = log.unread;
  if (first !== undefined && others.length + log.sources.length + log.skipped.length === 0) {
    throw new ToolError(`cannot read ${first.file}: ${first.message}`);
  }
  return log;
}

function readFolder(
  top: string,
  exclude: Filter,
  options: ReadOptions,
  kustomizations: Kustomizations,
  log: Collected,
): void {
  const leftOut = options.gitignore ? anyOf([exclude, gitignoreAbove(top)]) : exclude;
  const folders = walkFolder(top, leftOut, options.gitignore, log);
  const kustomized = folders.filter((folder) => kustomizations.of(folder, folder.kustomization) !== undefined);
  for (const root of kustomizations.roots(kustomized)) {
    kustomizations.add(root, { world: log.name(join(root.path, 'kustomization.yaml')) });
  }
  const plain = { world: log.name(top) };
  const takenIn = new Set<string>();
  for (const folder of folders) {
    const isKustomized = kustomizations.picksFrom(folder);
    // By a kustomization, whole, as is all that lies below.
    const isOwn = kustomizations.of(folder) !== undefined;
    if (!isOwn && (kustomizations.hasReached(folder.real) || takenIn.has(dirname(folder.path)))) {
      takenIn.add(folder.path);
      continue;
    }
    for (const file of filesOf(folder, isOwn)) {
      if (kustomizations.mentions(file.path) || kustomizations.isBroken(file.path)) continue;
      if (isKustomized) log.leaveOut(log.name(file.path), 'no kustomization lists it, as others beside it');
      else log.addFile(file.path, file.real, plain);
    }
  }
}

/** A file that is called kustomization and is none is a manifest, as one of Flux. */
function filesOf({ files, kustomization }: WalkedFolder, isKustomized: boolean): readonly Place[] {
  return isKustomized || kustomization === undefined ? files : [...files, kustomization];
}

/** False for what is no folder, and for what cannot be looked at: then it is named. */
function isFolder(path: string, log: Collected): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    log.cannotRead(log.name(path), reasonOf(error));
    return false;
  }
}
