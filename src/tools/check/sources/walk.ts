import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { noFile } from '../../../check/read/left-out.ts';
import type { Collected } from './collected.ts';
import { reasonOf } from './file-text.ts';
import { anyOf, type Filter, gitignoreIn } from './filters.ts';

export const kustomizationNames: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
export const manifestName = /\.(ya?ml|json)$/i;
const leftOutNames: ReadonlySet<string> = new Set(['node_modules', 'vendor', 'mesh-shim.yaml']);

/** A file or a folder, with the way that led there and where it really lies. */
export interface Place {
  readonly path: string;
  readonly real: string;
}

export interface WalkedFolder extends Place {
  /** The manifests in it, by their names. */
  readonly files: readonly Place[];
  readonly kustomization: Place | undefined;
  readonly isChart: boolean;
}

/**
 * The folders below one, itself first, each with its manifests; in the order of names. Links are followed, but no folder is
 * entered twice. What cannot be looked at is named in `log`.
 */
export function walkFolder(top: string, leftOut: Filter, heedsGitignore: boolean, log: Collected): WalkedFolder[] {
  const folders: WalkedFolder[] = [];
  const entered = new Set<string>();
  const enter = (path: string, real: string, above: Filter): void => {
    if (entered.has(real)) return;
    entered.add(real);
    const entries = listFolder(path, log);
    const own = heedsGitignore ? gitignoreIn(path) : undefined;
    const filter = own === undefined || path === top ? above : anyOf([above, own]);
    const names = new Set(entries.map(({ name }) => name));
    const files: Place[] = [];
    const inner: Place[] = [];
    for (const entry of entries) {
      if (entry.name.startsWith('.') || leftOutNames.has(entry.name)) continue;
      const place = { path: join(path, entry.name), real: join(real, entry.name) };
      const found = look(entry, place, log);
      if (found === undefined || filter(place.path, found.isFolder)) continue;
      if (found.isFolder) inner.push(found.place);
      else if (manifestName.test(entry.name) || kustomizationNames.includes(entry.name)) files.push(found.place);
    }
    const kustomization = files.find((file) => kustomizationNames.some((name) => file.path === join(path, name)));
    folders.push({
      path,
      real,
      files: files.filter((file) => file !== kustomization && manifestName.test(file.path)),
      kustomization,
      isChart: names.has('Chart.yaml'),
    });
    for (const place of inner) enter(place.path, place.real, filter);
  };
  enter(top, realPath(top), leftOut);
  return folders;
}

function listFolder(path: string, log: Collected): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    log.cannotRead(log.name(path), reasonOf(error));
    return [];
  }
}

/** What an entry is; undefined for what is neither file nor folder. A link is what it leads to. */
function look(entry: Dirent, place: Place, log: Collected): { place: Place; isFolder: boolean } | undefined {
  const isManifest = manifestName.test(entry.name);
  if (entry.isFile()) return { place, isFolder: false };
  if (entry.isDirectory()) return { place, isFolder: true };
  if (entry.isSymbolicLink()) {
    try {
      const target = statSync(place.path);
      const real = realpathSync(place.path);
      if (target.isDirectory()) return { place: { ...place, real }, isFolder: true };
      if (target.isFile()) return { place: { ...place, real }, isFolder: false };
    } catch (error) {
      // Of what is no manifest, nobody asked where it leads.
      if (isManifest) log.cannotRead(log.name(place.path), `it is a link: ${reasonOf(error)}`);
      return undefined;
    }
  }
  if (isManifest) log.leaveOut(log.name(place.path), noFile);
  return undefined;
}

/** A pipe, as in `<(helm template ...)`, has none. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
