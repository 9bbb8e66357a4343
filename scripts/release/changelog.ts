import { BuildError } from '../run-command.ts';

const unreleased = '## [Unreleased]';

/**
 * The changelog with its open part under the version's heading, and a new open part above it.
 *
 * @param date `2026-01-31`
 * @throws BuildError where the open part is missing or empty
 */
export function cutChangelog(text: string, version: string, date: string): string {
  const notes = sectionOf(text, 'Unreleased');
  if (notes === undefined || notes === '') {
    throw new BuildError(`CHANGELOG.md has nothing below ${unreleased}; write what ${version} brings`);
  }
  return text.replace(unreleased, `${unreleased}\n\n## [${version}] - ${date}`);
}

/** What stands below the heading of a version; undefined where it has none. */
export function sectionOf(text: string, version: string): string | undefined {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`## [${version}]`));
  if (start === -1) return undefined;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith('## '));
  return (end === -1 ? rest : rest.slice(0, end)).join('\n').trim();
}
