import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import process from 'node:process';
import { compareVersions } from '../scripts/compare-versions.ts';

/** One version of the documentation. */
export interface SiteVersion {
  /** As the menu says it. */
  readonly label: string;
  /** Where it lies below the site: empty, or with a slash at the end. */
  readonly folder: string;
  /** The tag whose Markdown it is made of; undefined: the files as they are here. */
  readonly tag?: string;
  readonly state: 'newest' | 'older' | 'unreleased';
}

export interface SiteVersions {
  /** The files as they are here are the first. */
  readonly versions: readonly SiteVersion[];
  /** Why there are no others. */
  readonly alone?: string;
}

/** What git says in a folder, or undefined where it says nothing. */
function git(root: string, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * The versions that a site is built of: the files as they are, below its root, and each release, by its tag, in a folder of its own.
 * Where the files are those of the newest release, its name stands for both.
 *
 * @param version of the files, for where git knows nothing
 */
export function siteVersions(root: string, version: string): SiteVersions {
  const top = git(root, 'rev-parse', '--show-toplevel');
  if (top === undefined || realpathSync(top) !== realpathSync(root)) {
    return { versions: [{ label: version, folder: '', state: 'newest' }], alone: 'git finds no clone here' };
  }
  const tags = (git(root, 'tag', '--list', 'v*') ?? '')
    .split('\n')
    .filter((tag) => /^v\d+\.\d+\.\d+$/.test(tag))
    .toSorted((a, b) => compareVersions(b, a));
  const [newest] = tags;
  if (newest === undefined) {
    const alone = 'this clone has no tags of releases; git fetch --tags gets them';
    return { versions: [{ label: version, folder: '', state: 'newest' }], alone };
  }
  const here = git(root, 'describe', '--tags', '--exact-match', '--dirty', '--match', newest);
  const current: SiteVersion =
    here === newest
      ? { label: newest.slice(1), folder: '', state: 'newest' }
      : { label: 'development', folder: '', state: 'unreleased' };
  return {
    versions: [
      current,
      ...tags.map((tag): SiteVersion => {
        return { label: tag.slice(1), folder: `${tag}/`, tag, state: tag === newest ? 'newest' : 'older' };
      }),
    ],
  };
}

/**
 * Writes the files of a tag into an empty folder.
 *
 * @throws Error where git cannot
 */
export function writeTree(root: string, tag: string, folder: string): void {
  // An index of its own: that of the clone stays as it is.
  const env = { ...process.env, GIT_INDEX_FILE: `${folder}.index` };
  for (const args of [
    ['read-tree', tag],
    ['checkout-index', '--all', `--prefix=${folder}/`],
  ]) {
    const { status, stderr } = spawnSync('git', ['-C', root, ...args], { encoding: 'utf8', env });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  }
}
