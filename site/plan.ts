import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SiteVersion } from './versions.ts';

/** What is built, version by version. */
export interface PlannedVersion extends SiteVersion {
  readonly name: string;
  /** The repository's files of this version. */
  readonly tree: string;
  /** Its pages, as files of the site: `docs/shim.md`, `index.md`. Known once all are written. */
  readonly pages: readonly string[];
}

export const repository = resolve(import.meta.dirname, '..');
export const dist = resolve(import.meta.dirname, 'dist');

/** All that is written on the way: below the packages of the site, which pages and theme look for. */
export const work = resolve(import.meta.dirname, '.pages');
const file = join(work, 'plan.json');

/** Where VitePress finds the pages of a version. */
export const pagesOf = (name: string): string => join(work, name);
/** Where VitePress puts what it makes of them. */
export const builtOf = (name: string): string => join(work, `${name}.dist`);

export function planned(versions: readonly SiteVersion[]): PlannedVersion[] {
  return versions.map((version) => {
    const { tag } = version;
    const name = tag ?? 'current';
    return { ...version, name, tree: tag === undefined ? repository : join(work, `${tag}.tree`), pages: [] };
  });
}

export function writePlan(plan: readonly PlannedVersion[]): void {
  writeFileSync(file, JSON.stringify(plan));
}

export function readPlan(): readonly PlannedVersion[] {
  return JSON.parse(readFileSync(file, 'utf8')) as PlannedVersion[];
}

export function versionNamed(name: string | undefined): PlannedVersion {
  const found = readPlan().find((version) => version.name === name);
  if (found === undefined) throw new Error(`no version "${name}" in ${file}`);
  return found;
}
