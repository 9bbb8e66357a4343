import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { siteVersions, writeTree } from '../versions.ts';

function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'site-versions-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A repository whose README.md is committed with each of the tags in its turn. */
function repository(...tags: string[]) {
  const folder = scratch();
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], {
      encoding: 'utf8',
    });
  const commit = (text: string, tag?: string) => {
    writeFileSync(join(folder, 'README.md'), text);
    git('add', '.');
    git('commit', '-q', '-m', text);
    if (tag !== undefined) git('tag', tag);
  };
  git('init', '-q');
  for (const tag of tags) commit(tag, tag);
  return { folder, commit, git };
}

const shown = (folder: string) => siteVersions(folder, '9.9.9').versions.map(({ label, state }) => `${label} ${state}`);

it('has the files as they are, and each release, the newest first', () => {
  const { folder, commit } = repository('v0.9.0', 'v0.10.0', 'v1.0.0-rc.1', 'site-2');
  commit('more');
  expect(shown(folder)).toEqual(['development unreleased', '0.10.0 newest', '0.9.0 older']);
  expect(siteVersions(folder, '9.9.9').versions.map((one) => one.folder)).toEqual(['', 'v0.10.0/', 'v0.9.0/']);
});

it('the files of the newest release are that release, until one is changed', () => {
  const { folder, git } = repository('v0.9.0', 'v0.10.0');
  expect(shown(folder)).toEqual(['0.10.0 newest', '0.10.0 newest', '0.9.0 older']);
  writeFileSync(join(folder, 'README.md'), 'changed');
  expect(shown(folder)[0]).toBe('development unreleased');
  git('checkout', '-q', '--force', 'v0.9.0');
  expect(shown(folder)[0]).toBe('development unreleased');
});

it('where there is no clone, or one without tags, has the files alone, and says why', () => {
  const alone = [{ label: '9.9.9', folder: '', state: 'newest' }];
  expect(siteVersions(scratch(), '9.9.9')).toEqual({ versions: alone, alone: 'git finds no clone here' });
  // A tarball that was unpacked inside of somebody's clone.
  const { folder, commit } = repository('v0.9.0');
  mkdirSync(join(folder, 'unpacked'));
  expect(siteVersions(join(folder, 'unpacked'), '9.9.9')).toEqual({
    versions: alone,
    alone: 'git finds no clone here',
  });
  const untagged = repository();
  untagged.commit('first');
  expect(siteVersions(untagged.folder, '9.9.9').alone).toContain('git fetch --tags');
  // As a workflow checks it out, which fetches one commit and no tags.
  commit('second');
  const shallow = join(scratch(), 'shallow');
  execFileSync('git', ['clone', '-q', '--depth', '1', '--no-tags', `file://${folder}`, shallow]);
  expect(siteVersions(shallow, '9.9.9')).toMatchObject({ versions: alone, alone: expect.stringContaining('no tags') });
});

it('takes a clone by another path for the same one', () => {
  const { folder } = repository('v0.9.0');
  const link = join(scratch(), 'link');
  symlinkSync(folder, link);
  expect(shown(link)).toEqual(shown(folder));
});

it('writes the files of a tag, and leaves the clone as it is', () => {
  const { folder, commit, git } = repository('v0.9.0');
  commit('second');
  writeFileSync(join(folder, 'README.md'), 'third');
  const before = git('status', '--short');
  const tree = join(scratch(), 'tree');
  writeTree(folder, 'v0.9.0', tree);
  expect(execFileSync('cat', [join(tree, 'README.md')], { encoding: 'utf8' })).toBe('v0.9.0');
  expect(git('status', '--short')).toBe(before);
  expect(() => writeTree(folder, 'v7.7.7', tree)).toThrow('git read-tree v7.7.7');
});
