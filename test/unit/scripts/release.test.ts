import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { expect, it, onTestFinished } from 'vitest';
import { cutChangelog, sectionOf } from '../../../scripts/release/changelog.ts';
import { mustCut } from '../../../scripts/release/must-cut.ts';
import { provenanceOf } from '../../../scripts/release/provenance.ts';
import { checksums, releaseFile } from '../../../scripts/release/release-file.ts';
import { releaseNotes } from '../../../scripts/release/release-notes.ts';

const changelog = '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- b\n\n## [0.1.0] - 2026-01-01\n\n- a\n';

it('the open part of the changelog becomes that of the version, below a new open part', () => {
  const cut = cutChangelog(changelog, '0.2.0', '2026-02-03');
  expect(cut).toBe(
    '# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-02-03\n\n### Added\n\n- b\n\n## [0.1.0] - 2026-01-01\n\n- a\n',
  );
  expect(sectionOf(cut, '0.2.0')).toBe('### Added\n\n- b');
  expect(sectionOf(cut, '0.1.0')).toBe('- a');
  expect(sectionOf(cut, 'Unreleased')).toBe('');
  expect(sectionOf(cut, '0.3.0')).toBeUndefined();
  expect(() => cutChangelog(cut, '0.3.0', '2026-03-03')).toThrow('CHANGELOG.md has nothing below ## [Unreleased]');
});

it('the changelog has the form of Keep a Changelog, and the version of package.json', () => {
  const text = readFileSync('CHANGELOG.md', 'utf8');
  const headings = text.match(/^## .*$/gm) ?? [];
  expect(headings[0]).toBe('## [Unreleased]');
  for (const heading of headings.slice(1)) expect(heading).toMatch(/^## \[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/);
  for (const kind of text.match(/^### .*$/gm) ?? [])
    expect(kind).toMatch(/^### (Added|Changed|Deprecated|Removed|Fixed|Security)$/);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  // That of the first release is open until it is cut.
  expect(sectionOf(text, version) ?? sectionOf(text, 'Unreleased')).toBeTruthy();
});

it('the next version comes after the current one; a tree that is the version already stays as it is', () => {
  const state = { current: '0.1.0', changelog, hasTag: false };
  expect(mustCut('0.1.1', state)).toBe(true);
  expect(mustCut('0.10.0', { ...state, current: '0.9.0' })).toBe(true);
  expect(mustCut('0.1.0', state)).toBe(false);
  expect(mustCut('0.1.0', { ...state, hasTag: true })).toBe(false);
  expect(mustCut('0.1.0', { ...state, changelog: '## [Unreleased]\n\n- a\n' })).toBe(true);
  expect(() => mustCut('0.0.9', state)).toThrow('0.0.9 does not come after 0.1.0');
  expect(() => mustCut('0.2.0', { ...state, hasTag: true })).toThrow('there is a tag v0.2.0 already');
  expect(() => mustCut('0.1.0', { ...state, current: '0.2.0' })).toThrow('CHANGELOG.md has 0.1.0 already');
});

it('sums are those that sha256sum checks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'release-sums-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of ['a.tgz', 'b']) writeFileSync(join(folder, name), name);
  writeFileSync(join(folder, 'SHA256SUMS'), checksums(['a.tgz', 'b'].map((name) => releaseFile(join(folder, name)))));
  const check = () => execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder, stdio: 'pipe' });
  check();
  writeFileSync(join(folder, 'b'), 'c');
  expect(check).toThrow('1 computed checksum did NOT match');
});

it('the statement names each file and each thing that it was made from', () => {
  const file = { name: 'a', sha256: '0'.repeat(64) };
  const inputs = { version: '1.2.3', repository: 'https://example.com/a/b', commit: 'c'.repeat(40), node: 'v26.0.0' };
  const statement = JSON.parse(provenanceOf([file], { ...inputs, pins: [{ ...file, name: 'pin' }] }));
  expect(statement).toEqual({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'a', digest: { sha256: file.sha256 } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://example.com/a/b/blob/v1.2.3/CONTRIBUTING.md#release',
        externalParameters: { version: '1.2.3' },
        internalParameters: { node: 'v26.0.0' },
        resolvedDependencies: [
          { uri: 'git+https://example.com/a/b@refs/tags/v1.2.3', digest: { gitCommit: 'c'.repeat(40) } },
          { name: 'pin', digest: { sha256: file.sha256 } },
        ],
      },
      runDetails: { builder: { id: 'https://example.com/a/b/blob/v1.2.3/scripts/release/release.ts' } },
    },
  });
});

it('the notes tell the changes, the files, and how to check them', () => {
  const notes = releaseNotes({
    version: '1.2.3',
    changes: '### Added\n\n- b',
    imageDigest: 'sha256:abc',
    files: { 'a.tgz': 'the npm package' },
    repository: 'https://example.com/owner/name',
  });
  for (const part of [
    '# mesh-shim 1.2.3\n\n### Added\n\n- b\n',
    '- `a.tgz`: the npm package',
    '--repo owner/name',
    '`sha256:abc`',
  ])
    expect(notes).toContain(part);
});

it('a new version stands everywhere where the old one stood', () => {
  const { version: old } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const folder = mkdtempSync(join(tmpdir(), 'release-version-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const paths = ['*.md', 'Dockerfile*', 'docs', 'examples', 'action.yml', 'templates'].flatMap((name) =>
    globSync(name),
  );
  execFileSync('cp', ['-r', ...paths, folder]);
  execFileSync(process.execPath, [resolve('scripts/set-version.ts'), old, '9.8.7'], { cwd: folder });
  const grep = (text: string) => {
    const found = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
    return found
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((path) => !path.includes('CHANGELOG') && readFileSync(path, 'utf8').includes(text))
      .map((path) => path.slice(folder.length + 1));
  };
  expect(grep('9.8.7')).toEqual(
    expect.arrayContaining(['action.yml', 'templates/check.yml', 'Dockerfile.shim', 'README.md', 'docs/ci.md']),
  );
  for (const form of [`mesh-shim:${old}`, `mesh-shim@${old}`, `mesh-shim@v${old}`, `mesh-shim-${old}`, `"${old}"`])
    expect(grep(form)).toEqual([]);
});
