import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readSources } from '../../../../src/tools/check/read-sources.ts';
import { ToolError } from '../../../../src/tools/tool.ts';

let root: string;
let cwd: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mesh-shim-sources-'));
  cwd = join(root, 'work');
  mkdirSync(cwd);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const put = (path: string, text = path): void => {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), text);
};
const read = (paths: string[], stdin = '') =>
  readSources(paths, {
    stdin: Readable.from([stdin]),
    stdout: new Writable(),
    stderr: new Writable(),
    env: {},
    cwd,
    isTerminal: false,
  });
const namesOf = async (...paths: string[]) => (await read(paths)).sources.map(({ name }) => name);

it('reads a file whatever it is called, and standard input once', async () => {
  put('manifest', 'text');
  expect(await read(['manifest', '-', '-'], 'kind: Pod')).toMatchObject({
    sources: [
      { name: 'manifest', text: 'text' },
      { name: '<stdin>', text: 'kind: Pod' },
    ],
    notes: [],
  });
});

it('reads what a folder has of YAML and JSON, in order, but nothing hidden or installed', async () => {
  for (const name of ['b.yaml', 'a.yml', 'c.JSON', 'd.txt', 'yaml', '.e.yaml', 'x.yaml.bak']) put(`folder/${name}`);
  for (const name of ['sub/f.yaml', '.git/g.yaml', 'node_modules/h.yaml', 'vendor/i.yaml', 'dir.yaml/j.yaml']) {
    put(`folder/${name}`);
  }
  expect(await namesOf('folder')).toEqual([
    ...['folder/a.yml', 'folder/b.yaml', 'folder/c.JSON'],
    ...['folder/dir.yaml/j.yaml', 'folder/sub/f.yaml'],
  ]);
  expect(await namesOf('folder/vendor')).toEqual(['folder/vendor/i.yaml']);
});

it('names what lies outside by its whole path', async () => {
  writeFileSync(join(root, 'outside.yaml'), 'x');
  expect(await namesOf('../outside.yaml')).toEqual([join(root, 'outside.yaml')]);
});

it('reads nothing twice, and follows no link in circles', async () => {
  put('twice/a.yaml');
  put('twice/sub/b.yaml');
  symlinkSync('..', join(cwd, 'twice/sub/up'));
  symlinkSync('a.yaml', join(cwd, 'twice/same.yaml'));
  expect(await namesOf('twice', 'twice/a.yaml', 'twice/same.yaml', 'twice/sub')).toEqual([
    'twice/a.yaml',
    'twice/sub/b.yaml',
  ]);
});

it('reads a pipe, as a shell makes it of <(command)', async () => {
  const fifo = join(cwd, 'pipe');
  expect(spawnSync('mkfifo', [fifo]).status).toBe(0);
  const writer = spawn('sh', ['-c', 'echo "kind: Pod" > "$0"', fifo]);
  expect((await read(['pipe'])).sources).toEqual([{ name: 'pipe', text: 'kind: Pod\n', namespace: undefined }]);
  await once(writer, 'close');
});

describe('a kustomization', () => {
  it.each(['kustomization.yaml', 'kustomization.yml', 'Kustomization'])('%s gives what it lists', async (file) => {
    const folder = `kustom-${file}`;
    put(`${folder}/${file}`, 'namespace: prod\nresources: [a.yaml, base, 7]\nbases: [b.yaml]\n');
    put(`${folder}/a.yaml`);
    put(`${folder}/b.yaml`);
    put(`${folder}/unlisted.yaml`);
    put(`${folder}/base/kustomization.yaml`, 'namespace: inner\nresources: [c.yaml]\n');
    put(`${folder}/base/c.yaml`);
    const { sources, notes } = await read([folder]);
    // The outermost namespace counts.
    expect(sources.map(({ name, namespace }) => [name, namespace])).toEqual([
      [`${folder}/a.yaml`, 'prod'],
      [`${folder}/base/c.yaml`, 'prod'],
      [`${folder}/b.yaml`, 'prod'],
    ]);
    expect(notes).toEqual([]);
  });

  it('without a namespace leaves it to the objects, or to the kustomization inside', async () => {
    put('plain/kustomization.yaml', 'resources: [a.yaml, ../inner]\n');
    put('plain/a.yaml');
    put('inner/kustomization.yaml', 'namespace: inner\nresources: [b.yaml]\n');
    put('inner/b.yaml');
    const { sources } = await read(['plain']);
    expect(sources.map(({ namespace }) => namespace)).toEqual([undefined, 'inner']);
  });

  it('that leads back to itself is read once', async () => {
    put('round/kustomization.yaml', 'resources: [., ../round, a.yaml, ../round/a.yaml]\n');
    put('round/a.yaml');
    expect(await namesOf('round')).toEqual(['round/a.yaml']);
  });

  it('with a tag that nobody knows is read without a word of its parser', async () => {
    const warn = vi.spyOn(process, 'emitWarning');
    put('tagged/kustomization.yaml', 'resources: !nosuch [a.yaml]\n');
    put('tagged/a.yaml');
    expect(await namesOf('tagged')).toEqual(['tagged/a.yaml']);
    expect(warn.mock.calls).toEqual([]);
    warn.mockRestore();
  });

  it('says what was not applied, and what was not fetched', async () => {
    const changes = [
      ...['patches', 'patchesStrategicMerge', 'configMapGenerator', 'transformers', 'replacements', 'namePrefix'],
      ...['nameSuffix', 'helmCharts', 'components'],
    ];
    const remote = ['https://example.com/a.yaml', 'git@example.com:a', 'github.com/a/b', 'ssh+git://x/y'];
    put(
      'changed/kustomization.yaml',
      `${changes.map((key) => `${key}: []\n`).join('')}commonLabels: {}\nresources: ${JSON.stringify(remote)}\n`,
    );
    expect((await read(['changed'])).notes).toEqual([
      `changed/kustomization.yaml: ${changes.join(', ')} not applied; to check the result: kustomize build changed | mesh-shim check -`,
      ...remote.map((url) => `changed/kustomization.yaml: ${url} was not fetched`),
    ]);
    put('kustomization.yaml', 'patches: []\n');
    expect((await read(['.'])).notes).toEqual([
      'kustomization.yaml: patches not applied; to check the result: kustomize build . | mesh-shim check -',
    ]);
    rmSync(join(cwd, 'kustomization.yaml'));
  });
});

describe('cannot be read', () => {
  it.each([
    ['missing.yaml', 'cannot read missing.yaml: no such file or directory'],
    ['links/loop.yaml', 'cannot read links/loop.yaml: too many symbolic links encountered'],
    ['links', 'cannot read links/loop.yaml: too many symbolic links encountered'],
    [
      'broken',
      'cannot read broken/kustomization.yaml: Flow sequence in block collection must be sufficiently indented',
    ],
    ['listed', 'cannot read listed/nosuch.yaml: no such file or directory'],
    ['folder/a.yml/x', 'cannot read folder/a.yml/x: not a directory'],
    ['a\0b', 'cannot read a\0b: '],
  ])('%j: %j', async (path, message) => {
    put('links/kept', '');
    rmSync(join(cwd, 'links/loop.yaml'), { force: true });
    symlinkSync('loop.yaml', join(cwd, 'links/loop.yaml'));
    put('broken/kustomization.yaml', 'resources: [\n');
    put('listed/kustomization.yaml', 'resources: [nosuch.yaml]\n');
    await expect(read([path])).rejects.toThrow(ToolError);
    await expect(read([path])).rejects.toThrow(message);
  });

  it("a link to nowhere that is no manifest is nobody's business", async () => {
    put('other/a.yaml');
    symlinkSync('nowhere', join(cwd, 'other/README'));
    symlinkSync('README2', join(cwd, 'other/README2'));
    expect(await namesOf('other')).toEqual(['other/a.yaml']);
  });
});
