import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** Whether a path is left out. */
export type Filter = (path: string, isFolder: boolean) => boolean;

const nothing: Filter = () => false;

/** Patterns as in .gitignore, from the working folder; what lies outside of it is held to its whole path. */
export function excludeFilter(patterns: readonly string[], cwd: string): Filter {
  if (patterns.length === 0) return nothing;
  const matcher = ignore({ allowRelativePaths: true }).add(patterns);
  return (path, isFolder) => matches(matcher, relative(cwd, path), isFolder);
}

/**
 * The .gitignore files of a folder's repository that lie above it, and its own. One that leaves the folder itself out is not
 * heeded: the user has named the folder.
 */
export function gitignoreAbove(folder: string): Filter {
  const filters: Filter[] = [];
  for (let at = folder; ; at = dirname(at)) {
    const own = gitignoreIn(at);
    if (own !== undefined && (at === folder || !own(folder, true))) filters.push(own);
    if (existsSync(join(at, '.git')) || dirname(at) === at) break;
  }
  return anyOf(filters);
}

/** The .gitignore of a folder, if it has one that can be read. */
export function gitignoreIn(folder: string): Filter | undefined {
  try {
    const matcher = ignore({ allowRelativePaths: true }).add(readFileSync(join(folder, '.gitignore'), 'utf8'));
    return (path, isFolder) => matches(matcher, relative(folder, path), isFolder);
  } catch {
    return undefined;
  }
}

export function anyOf(filters: readonly Filter[]): Filter {
  return filters.length === 0 ? nothing : (path, isFolder) => filters.some((filter) => filter(path, isFolder));
}

/** The folder that the patterns belong to is never left out by them. */
function matches(matcher: Ignore, path: string, isFolder: boolean): boolean {
  return path !== '' && matcher.ignores(isFolder ? `${path}/` : path);
}
