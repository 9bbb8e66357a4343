import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ReadOptions, readSources } from '../../../../src/tools/check/read-sources.ts';
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
const read = (paths: string[], stdin = '', options: Partial<ReadOptions> = {}, env: Record<string, string> = {}) =>
  readSources(
    paths,
    { stdin: Readable.from([stdin]), stdout: new Writable(), stderr: new Writable(), env, cwd, isTerminal: false },
    { exclude: [], gitignore: true, render: false, ...options },
  );
const namesOf = async (...paths: string[]) => (await read(paths)).sources.map(({ name }) => name);
/** The files of each world. */
const worldsOf = async (paths: string[], options?: Partial<ReadOptions>) => {
  const worlds: Record<string, string[]> = {};
  for (const { world = '-', name } of (await read(paths, '', options)).sources) {
    worlds[world] ??= [];
    worlds[world].push(name);
  }
  return worlds;
};

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
  for (const name of ['b.yaml', 'a.yml', 'c.JSON', 'd.txt', 'mesh-shim.yaml', 'yaml', '.e.yaml', 'x.yaml.bak'])
    put(`folder/${name}`);
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
  expect(await worldsOf(['twice', 'twice/a.yaml', 'twice/same.yaml'])).toEqual({
    twice: ['twice/a.yaml', 'twice/sub/b.yaml'],
  });
});

it('reads a pipe, as a shell makes it of <(command)', async () => {
  const fifo = join(cwd, 'pipe');
  expect(spawnSync('mkfifo', [fifo]).status).toBe(0);
  const writer = spawn('sh', ['-c', 'echo "kind: Pod" > "$0"', fifo]);
  expect((await read(['pipe'])).sources).toMatchObject([{ name: 'pipe', text: 'kind: Pod\n' }]);
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
    const { sources, notes, skipped } = await read([folder]);
    // The outermost namespace counts.
    expect(sources.map(({ name, namespaceOverride }) => [name, namespaceOverride])).toEqual([
      [`${folder}/a.yaml`, 'prod'],
      [`${folder}/base/c.yaml`, 'prod'],
      [`${folder}/b.yaml`, 'prod'],
    ]);
    expect(notes).toEqual([]);
    const reason = 'no kustomization lists it, as others beside it';
    expect(skipped).toEqual([{ file: `${folder}/unlisted.yaml`, line: 1, reason }]);
  });

  it('without a namespace leaves it to the objects, or to the kustomization inside', async () => {
    put('plain/kustomization.yaml', 'resources: [a.yaml, ../inner]\n');
    put('plain/a.yaml');
    put('inner/kustomization.yaml', 'namespace: inner\nresources: [b.yaml]\n');
    put('inner/b.yaml');
    const { sources } = await read(['plain']);
    expect(sources.map(({ namespaceOverride }) => namespaceOverride)).toEqual([undefined, 'inner']);
  });

  it('that leads back to itself is named, and all else is read', async () => {
    put('round/kustomization.yaml', 'resources:\n- a.yaml\n- ../square\n- .\n');
    put('round/a.yaml');
    put('square/kustomization.yaml', 'resources: [b.yaml, ../round]');
    put('square/b.yaml');
    const { sources, unread } = await read(['round']);
    expect(sources.map(({ name }) => name)).toEqual(['round/a.yaml', 'square/b.yaml']);
    const cycle = (written: string) => `a cycle: ${written} leads back to a kustomization that includes this one`;
    expect(unread).toEqual([
      { file: 'square/kustomization.yaml', line: 1, column: 1, message: cycle('../round') },
      { file: 'round/kustomization.yaml', line: 2, column: 1, message: cycle('.') },
    ]);
    put('cycle/one/kustomization.yaml', 'resources: [../two, a.yaml]');
    put('cycle/one/a.yaml');
    put('cycle/two/kustomization.yaml', 'resources: [../one, b.yaml]');
    put('cycle/two/b.yaml');
    expect(await worldsOf(['cycle'])).toEqual({
      'cycle/one/kustomization.yaml': ['cycle/two/b.yaml', 'cycle/one/a.yaml'],
    });
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
      ...['nameSuffix', 'helmCharts'],
    ];
    const remote = ['https://example.com/a.yaml', 'git@example.com:a', 'github.com/a/b', 'ssh+git://x/y'];
    put(
      'changed/kustomization.yaml',
      `${changes.map((key) => `${key}: []\n`).join('')}commonLabels: {}\nresources: ${JSON.stringify(remote)}\n`,
    );
    const { notes, skipped } = await read(['changed']);
    const check = 'to check the result: --render, or kustomize build';
    expect(notes).toEqual([
      `changed/kustomization.yaml: ${changes.join(', ')} not applied; ${check} changed | mesh-shim check -`,
    ]);
    expect(skipped).toEqual(
      remote.map((url) => ({ file: 'changed/kustomization.yaml', line: 1, reason: `${url} was not fetched` })),
    );
    put('kustomization.yaml', 'patches: []\n');
    put('changed/inner/kustomization.yaml', 'namePrefix: x\n');
    expect((await read(['.'])).notes).toEqual([
      expect.stringMatching(
        /^kustomization\.yaml and \d more: patches, .*; to check the result: --render, or kustomize build \. \| /,
      ),
    ]);
    rmSync(join(cwd, 'kustomization.yaml'));
  });

  it.each<[string, Record<string, string>, Record<string, string[]>]>([
    [
      'that nobody includes is a world of its own; a base is in each',
      {
        'base/kustomization.yaml': 'resources: [a.yaml]',
        'base/a.yaml': '',
        'overlays/dev/kustomization.yaml': 'resources: [../../base]\nnamespace: dev\n',
        'overlays/prod/kustomization.yaml': 'resources: [../../base, b.yaml]\nnamespace: prod\n',
        'overlays/prod/b.yaml': '',
        'loose.yaml': '',
        'other/c.yaml': '',
      },
      {
        'overlays/dev/kustomization.yaml': ['base/a.yaml'],
        'overlays/prod/kustomization.yaml': ['base/a.yaml', 'overlays/prod/b.yaml'],
        '': ['loose.yaml', 'other/c.yaml'],
      },
    ],
    [
      'gives its components, and folders without one whole; patches are no manifests',
      {
        'kustomization.yaml':
          'resources: [whole]\ncomponents: [part]\npatches: [{path: fixes/p.yaml}]\nconfigMapGenerator: [{files: [x=conf/d.yaml]}]\n',
        'whole/deep/a.yaml': '',
        'part/kustomization.yaml': 'kind: Component\nresources: [b.yaml]\n',
        'part/b.yaml': '',
        'fixes/p.yaml': '',
        'conf/d.yaml': '',
        'beside/e.yaml': '',
      },
      { 'kustomization.yaml': ['whole/deep/a.yaml', 'part/b.yaml'], '': ['beside/e.yaml'] },
    ],
    [
      'is one of kustomize: Flux has objects of that kind',
      {
        'kustomization.yaml': 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n',
        'a.yaml': '',
      },
      { '': ['a.yaml', 'kustomization.yaml'] },
    ],
    [
      'is a file',
      { 'Kustomization/a.yaml': '', 'kustomization.yaml/b.yaml': '' },
      { '': ['Kustomization/a.yaml', 'kustomization.yaml/b.yaml'] },
    ],
  ])('%s', async (what, files, worlds) => {
    const folder = `worlds-${what.length}`;
    for (const [name, text] of Object.entries(files)) put(`${folder}/${name}`, text);
    const wanted = Object.entries(worlds).map(([world, names]) => [
      world === '' ? folder : `${folder}/${world}`,
      names.map((name) => `${folder}/${name}`),
    ]);
    expect(await worldsOf([folder])).toEqual(Object.fromEntries(wanted));
  });
});

describe('what is given', () => {
  it('each folder is a world, and files are in all of them', async () => {
    for (const name of ['one/a.yaml', 'two/b.yaml', 'mesh.yaml']) put(`given/${name}`);
    expect(await worldsOf(['given/one', 'given/mesh.yaml', 'given/two', '-'])).toEqual({
      'given/one': ['given/one/a.yaml', 'given/mesh.yaml', '<stdin>'],
      'given/two': ['given/two/b.yaml', 'given/mesh.yaml', '<stdin>'],
    });
    expect(await worldsOf(['given/mesh.yaml', 'given/one/a.yaml'])).toEqual({
      '-': ['given/mesh.yaml', 'given/one/a.yaml'],
    });
  });

  it('without what is excluded, or what .gitignore leaves out of a folder', async () => {
    for (const name of ['a.yaml', 'build/b.yaml', 'sub/gen.yaml', 'sub/c.yaml', 'sub/build/d.yaml']) put(`git/${name}`);
    put('git/.git/HEAD');
    put('git/.gitignore', '/build/\n');
    put('git/sub/.gitignore', 'gen*\n!gen.txt\n');
    expect(await worldsOf(['git'])).toEqual({ git: ['git/a.yaml', 'git/sub/c.yaml', 'git/sub/build/d.yaml'] });
    // Named by the user, it is read.
    expect(await worldsOf(['git/build', 'git/sub/gen.yaml'])).toEqual({
      'git/build': ['git/build/b.yaml', 'git/sub/gen.yaml'],
    });
    expect(await worldsOf(['git'], { gitignore: false })).toEqual({
      git: ['git/a.yaml', 'git/build/b.yaml', 'git/sub/c.yaml', 'git/sub/gen.yaml', 'git/sub/build/d.yaml'],
    });
    expect(await worldsOf(['git', 'git/a.yaml'], { exclude: ['git/sub', 'a.yaml'] })).toEqual({});
    expect(await worldsOf(['git'], { exclude: ['**/build', '!git/sub/build'] })).toEqual({
      git: ['git/a.yaml', 'git/sub/c.yaml', 'git/sub/build/d.yaml'],
    });
  });
});

describe('--render', () => {
  const web = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n';
  const path = process.env.PATH ?? '';
  const hasKubectl = spawnSync('kubectl', ['kustomize', '--help']).status === 0;

  /** A folder for the PATH with a program in it. */
  const program = (name: string, script: string): Record<string, string> => {
    put(`bin-${name}/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(join(cwd, `bin-${name}/${name}`), 0o755);
    return { PATH: join(cwd, `bin-${name}`) };
  };

  beforeAll(() => {
    put('rendered/base/kustomization.yaml', 'resources: [web.yaml]\n');
    put('rendered/base/web.yaml', web);
    put('rendered/prod/kustomization.yaml', 'resources: [../base]\nnamePrefix: prod-\nnamespace: prod\n');
    put('rendered/chart/Chart.yaml', 'name: shop\nversion: 1.0.0\n');
    put('rendered/chart/templates/a.yaml', 'kind: {{ .Values.kind }}\n');
    put('rendered/chart/charts/inner/Chart.yaml', 'name: inner\nversion: 1.0.0\n');
    put('rendered/loose.yaml', web);
  });

  it.skipIf(!hasKubectl)('checks what kubectl makes of a kustomization', async () => {
    const { sources, notes } = await read(['rendered'], '', { render: true }, { PATH: path });
    const [prod] = sources;
    expect(prod).toMatchObject({
      name: 'rendered/prod/kustomization.yaml (rendered)',
      world: 'rendered/prod/kustomization.yaml',
    });
    expect(prod?.text).toContain('name: prod-web\n  namespace: prod\n');
    expect(sources.map(({ name }) => name)).not.toContain('rendered/base/web.yaml');
    expect(sources.map(({ name }) => name)).toContain('rendered/loose.yaml');
    expect(notes.join()).not.toContain('not applied');
  });

  it('checks what helm makes of a chart, with those inside', async () => {
    const env = program('helm', 'echo "# $*"');
    const { sources, notes } = await read(['rendered'], '', { render: true }, env);
    const charts = sources.filter(({ name }) => name.includes('chart'));
    expect(charts).toEqual([
      {
        name: 'rendered/chart/Chart.yaml (rendered)',
        text: '# template release rendered/chart\n',
        world: 'rendered/chart/Chart.yaml',
      },
    ]);
    // Without kustomize the kustomizations are read as they stand, and it is said once.
    expect(sources.map(({ name }) => name)).toContain('rendered/base/web.yaml');
    expect(notes[0]).toBe('--render needs kustomize or kubectl on the PATH: without, read as it stands');
  });

  it('names what cannot be rendered, and reads it as it stands', async () => {
    const env = program('kustomize', 'echo "Error: no such base" >&2; exit 1');
    const { sources, unread } = await read(['rendered'], '', { render: true }, env);
    expect(unread).toEqual([
      {
        file: 'rendered/prod/kustomization.yaml',
        line: 1,
        column: 1,
        message: 'kustomize build rendered/prod: Error: no such base',
      },
    ]);
    expect(sources.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['rendered/base/web.yaml', 'rendered/chart/templates/a.yaml']),
    );
  });
});

describe('cannot be read', () => {
  it.each([
    ['missing.yaml', 'cannot read missing.yaml: no such file or directory'],
    ['links/loop.yaml', 'cannot read links/loop.yaml: too many symbolic links encountered'],
    ['links', 'cannot read links/loop.yaml: it is a link: too many symbolic links encountered'],
    [
      'broken',
      'cannot read broken/kustomization.yaml: Flow sequence in block collection must be sufficiently indented',
    ],
    ['words', 'cannot read words/kustomization.yaml: it must be a mapping'],
    ['listed', 'cannot read listed/kustomization.yaml: nosuch.yaml: no such file or directory'],
    ['folder/a.yml/x', 'cannot read folder/a.yml/x: not a directory'],
    ['a\0b', 'cannot read a\\x00b: '],
  ])('%j: %j', async (path, message) => {
    put('links/kept', '');
    rmSync(join(cwd, 'links/loop.yaml'), { force: true });
    symlinkSync('loop.yaml', join(cwd, 'links/loop.yaml'));
    put('broken/kustomization.yaml', 'resources: [\n');
    put('words/kustomization.yaml', '- a\n');
    put('listed/kustomization.yaml', 'resources: [nosuch.yaml]\n');
    await expect(read([path])).rejects.toThrow(ToolError);
    await expect(read([path])).rejects.toThrow(message);
    // Beside something that can be read, it is one line of the result.
    put('fine.yaml');
    const { sources, unread } = await read([path, 'fine.yaml']);
    expect(sources.map(({ name }) => name)).toEqual(['fine.yaml']);
    expect(unread.map(({ file, message: why }) => `cannot read ${file}: ${why}`)).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it('names the line of a resource that is missing, and reads the others', async () => {
    put('gaps/kustomization.yaml', 'resources:\n- a.yaml\n- gone.yaml\n- b.yaml\n');
    put('gaps/a.yaml');
    put('gaps/b.yaml');
    const { sources, unread } = await read(['gaps']);
    expect(sources.map(({ name }) => name)).toEqual(['gaps/a.yaml', 'gaps/b.yaml']);
    expect(unread).toEqual([
      { file: 'gaps/kustomization.yaml', line: 3, column: 1, message: 'gone.yaml: no such file or directory' },
    ]);
  });

  it('reads what lies beside a broken kustomization', async () => {
    put('half/kustomization.yaml', 'resources: [\n');
    put('half/a.yaml');
    expect((await read(['half'])).sources.map(({ name }) => name)).toEqual(['half/a.yaml']);
  });

  it('opens no pipe in a folder, not even one that a kustomization lists', async () => {
    put('pipes/kustomization.yaml', 'resources: [p.yaml]\n');
    put('pipes/sub/a.yaml');
    for (const name of ['pipes/p.yaml', 'pipes/sub/q.yaml', 'pipes/sub/r']) {
      expect(spawnSync('mkfifo', [join(cwd, name)]).status).toBe(0);
    }
    const reason = 'a pipe, a socket or a device: not opened';
    expect((await read(['pipes'])).skipped.toSorted((a, b) => (a.file < b.file ? -1 : 1))).toEqual([
      { file: 'pipes/p.yaml', line: 1, reason },
      { file: 'pipes/sub/q.yaml', line: 1, reason },
    ]);
  });

  it('a name that would steer a terminal is shown, and its file not read', async () => {
    put('steer/a\u001b[31m.yaml');
    put('steer/b.yaml');
    const { sources, unread } = await read(['steer']);
    expect(sources.map(({ name }) => name)).toEqual(['steer/b.yaml']);
    expect(unread).toMatchObject([
      { file: 'steer/a\\x1b[31m.yaml', message: 'its name has a control character; rename it' },
    ]);
  });

  it('tells text from other bytes', async () => {
    put('bytes/a.yaml');
    const bytes = (name: string, content: Buffer) => writeFileSync(join(cwd, 'bytes', name), content);
    bytes('nul.yaml', Buffer.from('a\0b'));
    bytes('latin.yaml', Buffer.from('apiVersion: v1\nkind: X\nname: caf\xe9\n', 'latin1'));
    bytes('image.json', Buffer.from([0x89, 0x50, 0x4e, 0x47]));
    bytes('wide.yaml', Buffer.from('\ufeffapiVersion: v1\n', 'utf16le'));
    const { sources, unread, skipped } = await read(['bytes']);
    expect(sources.map(({ name }) => name)).toEqual(['bytes/a.yaml']);
    expect(unread.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      'bytes/latin.yaml: it is not UTF-8; save it so',
      'bytes/wide.yaml: it is UTF-16; save it as UTF-8',
    ]);
    expect(skipped.map(({ file }) => file)).toEqual(['bytes/image.json', 'bytes/nul.yaml']);
  });

  it("a link to nowhere that is no manifest is nobody's business", async () => {
    put('other/a.yaml');
    symlinkSync('nowhere', join(cwd, 'other/README'));
    symlinkSync('README2', join(cwd, 'other/README2'));
    expect(await namesOf('other')).toEqual(['other/a.yaml']);
  });
});
