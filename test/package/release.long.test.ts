import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyRepository } from '../helpers/repository-copy.ts';
import { executable } from '../native/executables.ts';

// A release is cut in a copy of this repository, tests left out: they run here anyway.

let copy: ReturnType<typeof copyRepository>;
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const git = (...words: string[]) => execFileSync('git', words, { cwd: copy.folder, encoding: 'utf8' }).trim();
const release = (...words: string[]) =>
  spawnSync(process.execPath, ['scripts/release/release.ts', ...words], {
    cwd: copy.folder,
    encoding: 'utf8',
    env: { ...process.env, SOURCE_DATE_EPOCH: '1767323045' },
  });

beforeAll(() => {
  // So that the toolchain is there.
  executable('x64');
  copy = copyRepository();
  // It would be committed, and cloned.
  rmSync(join(copy.folder, 'node_modules'));
  // As before the first release.
  const text = readFileSync('CHANGELOG.md', 'utf8');
  const open = `${text.slice(0, text.indexOf('## '))}## [Unreleased]\n\n### Added\n\n- All of it.\n`;
  writeFileSync(join(copy.folder, 'CHANGELOG.md'), open);
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'A maintainer');
  git('config', 'user.email', 'maintainer@example.com');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'All of it');
});
afterAll(() => copy?.remove());

it.each([
  [[], 'needs one version, as 1.2.3, got ""'],
  [['1.2'], 'needs one version, as 1.2.3, got "1.2"'],
  [['0.0.9'], `0.0.9 does not come after ${version}, which package.json says`],
  [[version, '--tests', 'some'], '--tests must be all, short, none, got "some"'],
])('refuses %j, and changes nothing', (words, message) => {
  const { status, stderr } = release(...words);
  expect({ status, stderr }).toEqual({ status: 1, stderr: `${message}\n` });
});

it('refuses a tree with changes', () => {
  const path = join(copy.folder, 'LICENSE');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, `${text}\n`);
  const { status, stderr } = release(version);
  writeFileSync(path, text);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: 'the tree has changes that are not committed; commit them\n',
  });
});

it('makes commit, tag and files, from two builds that are the same', async () => {
  const run = release(version, '--tests', 'none');
  expect({ status: run.status, stderr: run.status === 0 ? '' : run.stderr }).toEqual({ status: 0, stderr: '' });
  expect(run.stderr).toContain('both builds are the same, bit by bit');
  expect(git('log', '-1', '--format=%s %an')).toBe(`Release ${version} A maintainer`);
  expect(git('rev-parse', `v${version}^{commit}`)).toBe(git('rev-parse', 'HEAD'));
  expect(git('status', '--porcelain')).toBe('');
  expect(readFileSync(join(copy.folder, 'CHANGELOG.md'), 'utf8')).toContain(
    `## [Unreleased]\n\n## [${version}] - 2026-01-02\n\n### Added\n\n- All of it.\n`,
  );
  const folder = join(copy.folder, 'release', version);
  expect(readdirSync(folder).toSorted()).toEqual(
    [
      'RELEASE_NOTES.md',
      'SHA256SUMS',
      `mesh-shim-${version}.oci.tar`,
      ...['.tgz', '.tgz.cdx.json'].map((end) => `mesh-shim-${version}${end}`),
      ...['x64', 'arm64'].flatMap((arch) => [`mesh-shim-linux-${arch}`, `mesh-shim-linux-${arch}.cdx.json`]),
      'provenance.intoto.json',
    ].toSorted(),
  );
  execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder, stdio: 'pipe' });
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.cdx.json'))) {
    const bom = readFileSync(join(folder, name), 'utf8');
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(bom), name).toBeNull();
  }
  const { predicate } = JSON.parse(readFileSync(join(folder, 'provenance.intoto.json'), 'utf8'));
  expect(predicate.buildDefinition.resolvedDependencies[0].digest.gitCommit).toBe(git('rev-parse', 'HEAD'));
  expect(readFileSync(join(folder, 'RELEASE_NOTES.md'), 'utf8')).toContain('- All of it.');

  expect(release(version, '--tests', 'none').stderr).toBe(`release/${version} is there already; move it away\n`);
  expect(release('0.0.9').status).toBe(1);
  expect(existsSync(join(copy.folder, 'release', '0.0.9'))).toBe(false);
}, 1_800_000);
