/**
 * Cuts a release: `npm run release -- VERSION [--tests all|short|none]`. It publishes nothing.
 *
 * All is done in two clones of what is committed: the version and the changelog's heading, all tests, the build, twice, compared bit by bit, and
 * the files. Only when all of it is right do this tree and release/VERSION/ change: a commit, a tag, the files. Where the tree is that version
 * already, as in the workflow that builds a tag, there is nothing to commit.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { filesBelow } from '../build/place.ts';
import { BuildError, reportBuildErrors } from '../run-command.ts';
import { cutChangelog } from './changelog.ts';
import { mustCut } from './must-cut.ts';
import { releaseFile } from './release-file.ts';
import { tryImage } from './try-image.ts';

const testCommands = {
  all: ['npm test', 'npm run test:long', 'npm run test:site'],
  short: ['npm test'],
  none: [],
} as const;

const say = (text: string): boolean => process.stderr.write(`release: ${text}\n`);
const git = (cwd: string, ...words: string[]): string =>
  execFileSync('git', words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();

/** Runs a command of a step; what it prints is shown where it fails. @throws BuildError */
function run(cwd: string, command: string, env: NodeJS.ProcessEnv = {}): void {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 256 << 20,
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new BuildError(`${command} ended with ${status}:\n${stdout.slice(-20_000)}${stderr}`);
}

function readArguments(): { version: string; tests: keyof typeof testCommands } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { tests: { type: 'string', default: 'all' } },
  });
  const [version = ''] = positionals;
  if (positionals.length !== 1 || !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    throw new BuildError(`needs one version, as 1.2.3, got ${JSON.stringify(positionals.join(' '))}`);
  if (!Object.hasOwn(testCommands, values.tests))
    throw new BuildError(
      `--tests must be ${Object.keys(testCommands).join(', ')}, got ${JSON.stringify(values.tests)}`,
    );
  return { version, tests: values.tests as keyof typeof testCommands };
}

/** A clone of what is committed, with what is fetched for the build where that is here already, and nothing that was built. */
function clone(from: string, into: string): void {
  git(tmpdir(), 'clone', '--quiet', from, into);
  for (const toolchain of globSync('.cache/native/toolchain-*')) {
    mkdirSync(join(into, '.cache/native'), { recursive: true });
    cpSync(toolchain, join(into, toolchain), { recursive: true, verbatimSymlinks: true });
  }
  run(into, 'npm ci --prefer-offline --no-audit --no-fund');
}

/** Makes the tree of a clone that of the version. */
function setVersion(cwd: string, version: string): void {
  const old = packageVersion(cwd);
  const path = join(cwd, 'CHANGELOG.md');
  const day = new Date(Number(process.env.SOURCE_DATE_EPOCH ?? Date.now() / 1000) * 1000).toISOString().slice(0, 10);
  writeFileSync(path, cutChangelog(readFileSync(path, 'utf8'), version, day));
  if (old !== version) {
    run(cwd, `npm version ${version} --no-git-tag-version --ignore-scripts`);
    run(cwd, `node scripts/set-version.ts ${old} ${version}`);
    run(cwd, 'npm run record:admission');
    run(cwd, 'npm run docs');
  }
  const as = ['user.name', 'user.email'].flatMap((key) => ['-c', `${key}=${git('.', 'config', key)}`]);
  git(cwd, 'add', '--all');
  git(cwd, ...as, 'commit', '--quiet', '--message', `Release ${version}`);
}

const packageVersion = (cwd: string): string =>
  (JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')) as { version: string }).version;

/** @throws BuildError that names what differs */
function compareFolders(one: string, other: string): void {
  const [names, others] = [filesBelow(one), filesBelow(other)];
  const isSame = (name: string) =>
    others.includes(name) && names.includes(name) && sha256(join(one, name)) === sha256(join(other, name));
  const differing = [...new Set([...names, ...others])].filter((name) => !isSame(name));
  if (names.length === 0 || differing.length > 0)
    throw new BuildError(`two builds of one commit differ: ${differing.join(', ') || 'there is nothing'}`);
}

const sha256 = (path: string): string => releaseFile(path).sha256;

async function main(): Promise<void> {
  const { version, tests } = readArguments();
  if (git('.', 'status', '--porcelain') !== '')
    throw new BuildError('the tree has changes that are not committed; commit them');
  const folder = resolve('release', version);
  if (existsSync(folder)) throw new BuildError(`release/${version} is there already; move it away`);
  const state = {
    current: packageVersion('.'),
    changelog: readFileSync('CHANGELOG.md', 'utf8'),
    hasTag: git('.', 'tag', '--list', `v${version}`) !== '',
  };
  const cuts = mustCut(version, state);
  const work = mkdtempSync(join(tmpdir(), 'mesh-shim-release-'));
  // Of different lengths, so that a path that gets into a file is seen.
  const [first, second] = [join(work, 'one'), join(work, 'the-other')];
  try {
    say(`${version}: cloning what is committed`);
    clone(resolve('.'), first);
    if (cuts) setVersion(first, version);
    clone(first, second);
    say('building twice');
    for (const copy of [first, second]) {
      run(copy, 'npm run build && npm run build:native');
      run(copy, 'node scripts/release/release-files.ts release-files');
    }
    for (const part of ['dist', 'release-files']) compareFolders(join(first, part), join(second, part));
    say('both builds are the same, bit by bit');
    tryImage(join(first, 'release-files', `mesh-shim-${version}.oci.tar`), version);
    say('the image runs');
    for (const command of testCommands[tests]) {
      say(command);
      run(first, command, { CI: 'true' });
    }
    mkdirSync(resolve('release'), { recursive: true });
    cpSync(join(first, 'release-files'), folder, { recursive: true });
    if (cuts) {
      git('.', 'fetch', '--quiet', first, 'HEAD');
      git('.', 'merge', '--quiet', '--ff-only', 'FETCH_HEAD');
      git('.', 'tag', '--annotate', '--message', `mesh-shim ${version}`, `v${version}`);
    }
    process.stdout.write(
      `release/${version}/ holds the release.${cuts ? ` The commit and the tag v${version} are here; git push --follow-tags lets the workflow publish them.` : ''}\n`,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

await reportBuildErrors(main);
