import { statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { readStandardInput } from '../attempt.ts';
import { ToolError, type ToolIo } from '../tool.ts';
import { Collected, type ReadSources } from './sources/collected.ts';
import { reasonOf } from './sources/file-text.ts';
import { anyOf, excludeFilter, type Filter, gitignoreAbove } from './sources/filters.ts';
import { Kustomizations } from './sources/kustomizations.ts';
import { type Renderable, render } from './sources/render.ts';
import { type Place, realPath, type WalkedFolder, walkFolder } from './sources/walk.ts';

export type { ReadSources } from './sources/collected.ts';

export interface ReadOptions {
  /** What to leave out, as in .gitignore, from the working folder. */
  readonly exclude: readonly string[];
  /** Whether .gitignore files count in folders. */
  readonly gitignore: boolean;
  /** Whether kustomizations and charts are rendered by kustomize, kubectl and helm. */
  readonly render: boolean;
  /** What to do where a kustomization changes what it includes, which is not applied. Default: to check what comes out. */
  readonly notApplied?: (folder: string) => string;
}

function checkResult(folder: string): string {
  return `to check the result: --render, or kustomize build ${folder} | mesh-shim check -`;
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
  const folders = new FolderReader(io, options, kustomizations, log);
  const files: string[] = [];
  for (const path of new Set(paths)) {
    const whole = resolve(io.cwd, path);
    if (path === '-') files.push(path);
    else if (isFolder(whole, log)) folders.read(whole, exclude);
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
  const note = kustomizations.note(options.notApplied ?? checkResult);
  if (note !== undefined) log.note(note);
  const [first, ...others] = log.unread;
  if (first !== undefined && others.length + log.sources.length + log.skipped.length === 0) {
    throw new ToolError(`cannot read ${first.file}: ${first.message}`);
  }
  return log;
}

/** Reads what lies below one folder. */
class FolderReader {
  readonly #io: ToolIo;
  readonly #options: ReadOptions;
  readonly #kustomizations: Kustomizations;
  readonly #log: Collected;

  constructor(io: ToolIo, options: ReadOptions, kustomizations: Kustomizations, log: Collected) {
    this.#io = io;
    this.#options = options;
    this.#kustomizations = kustomizations;
    this.#log = log;
  }

  read(top: string, exclude: Filter): void {
    const [kustomizations, log] = [this.#kustomizations, this.#log];
    const { gitignore } = this.#options;
    const folders = walkFolder(top, gitignore ? anyOf([exclude, gitignoreAbove(top)]) : exclude, gitignore, log);
    const takenIn = this.#renderCharts(folders);
    const kustomized = folders.filter((folder) => kustomizations.of(folder, folder.kustomization) !== undefined);
    for (const root of kustomizations.roots(kustomized)) {
      const world = log.name(join(root.path, 'kustomization.yaml'));
      if (this.#render('kustomization', root, world)) kustomizations.addRendered(root);
      else kustomizations.add(root, { world });
    }
    for (const folder of folders) {
      const isKustomized = kustomizations.picksFrom(folder);
      const isOwn = kustomizations.of(folder) !== undefined;
      // By a chart or a kustomization, whole, as is all that lies below.
      const isTakenIn = takenIn.has(folder.path) || takenIn.has(dirname(folder.path));
      if (isTakenIn || (!isOwn && kustomizations.hasReached(folder.real))) {
        takenIn.add(folder.path);
        continue;
      }
      for (const file of filesOf(folder, isOwn)) {
        if (kustomizations.mentions(file.path) || kustomizations.isBroken(file.path)) continue;
        if (isKustomized) log.leaveOut(log.name(file.path), 'no kustomization lists it, as others beside it');
        else log.addFile(file.path, file.real, { world: log.name(top) });
      }
    }
  }

  /** The folders of charts that were rendered; a chart inside of another one comes with that. */
  #renderCharts(folders: readonly WalkedFolder[]): Set<string> {
    const charts = new Set<string>();
    for (const folder of folders.filter(({ isChart }) => isChart && this.#options.render)) {
      const isInner = [...charts].some((chart) => folder.path.startsWith(chart + sep));
      if (!isInner && this.#render('chart', folder, this.#log.name(join(folder.path, 'Chart.yaml'))))
        charts.add(folder.path);
    }
    return charts;
  }

  /** True where the rendered output was added as a world. */
  #render(what: Renderable, folder: Place, world: string): boolean {
    if (!this.#options.render) return false;
    const rendered = render(what, this.#log.name(folder.path), this.#io);
    if ('text' in rendered) this.#log.addText(`${world} (rendered)`, rendered.text, { world });
    else if ('message' in rendered) this.#log.cannotRead(world, rendered.message);
    else this.#log.note(`--render needs ${rendered.missing.join(' or ')} on the PATH: without, read as it stands`);
    return 'text' in rendered;
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
