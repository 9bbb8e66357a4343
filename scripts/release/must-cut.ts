import { compareVersions } from '../compare-versions.ts';
import { BuildError } from '../run-command.ts';
import { sectionOf } from './changelog.ts';

export interface TreeState {
  /** The version of package.json. */
  readonly current: string;
  /** The text of CHANGELOG.md. */
  readonly changelog: string;
  /** Whether there is a tag of the version that is asked for. */
  readonly hasTag: boolean;
}

/**
 * Whether the tree must become that of the version; it need not where it is already, as in the workflow that builds a tag.
 *
 * @throws BuildError where the version cannot be the next one
 */
export function mustCut(version: string, { current, changelog, hasTag }: TreeState): boolean {
  if (sectionOf(changelog, version) !== undefined) {
    if (current === version) return false;
    throw new BuildError(`CHANGELOG.md has ${version} already, and package.json says ${current}`);
  }
  if (hasTag) throw new BuildError(`there is a tag v${version} already`);
  const order = compareVersions(current, version);
  const isReleased = sectionOf(changelog, current) !== undefined;
  if (order > 0 || (order === 0 && isReleased))
    throw new BuildError(`${version} does not come after ${current}, which package.json says`);
  return true;
}
