import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { libraryEntries } from '../../scripts/build/library-entries.ts';
import { createPackageApp, type PackageApp, repository } from '../helpers/package-app.ts';

/** `mesh-shim` and its parts, as an app names them. */
const names = Object.keys(libraryEntries).map((part) => (part === 'index' ? 'mesh-shim' : `mesh-shim/${part}`));

let app: PackageApp;
let url: string;
const server = createServer((_, response) => response.end('answered'));

beforeAll(async () => {
  app = createPackageApp(join(repository, 'node_modules'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  app.remove();
  server.closeAllConnections();
  server.close();
});

/** What a program prints as JSON. */
async function printed(source: string, words: readonly string[] = []): Promise<unknown> {
  const program = ['--input-type=module', '-e', source];
  const { code, stdout, stderr } = await app.run(process.execPath, [...words, ...program]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe.each(names)('importing %s', (name) => {
  it('changes nothing of the process', async () => {
    const source = `
      const look = () => JSON.stringify({
        listeners: process.eventNames().map((event) => [String(event), process.listenerCount(event)]),
        env: process.env,
        globals: Reflect.ownKeys(globalThis).map(String),
        resources: process.getActiveResourcesInfo().filter((kind) => !/^(?:FS|File|Pipe|TTY)/.test(kind)),
        exitCode: String(process.exitCode),
        stack: [String(Error.prepareStackTrace), Error.stackTraceLimit],
      });
      const before = look();
      await import('${name}');
      console.log(JSON.stringify([before, look()]));`;
    const [before, after] = (await printed(source)) as [string, string];
    expect(JSON.parse(after)).toEqual(JSON.parse(before));
  });

  it.each(['import', 'require'])('loads nothing that is not asked for (%s)', async (how) => {
    const source = `
      import { createRequire, registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
      const before = new Set(process.moduleLoadList);
      ${how === 'import' ? `await import('${name}')` : `createRequire(${JSON.stringify(`${app.folder}/x.js`)})('${name}')`};
      const builtins = process.moduleLoadList.filter((module) => !before.has(module));
      console.log(JSON.stringify({ loaded, builtins }));`;
    const { loaded, builtins } = (await printed(source)) as { loaded: string[]; builtins: string[] };
    const foreign = loaded.filter((path) => !path.includes('/node_modules/mesh-shim/') && !path.startsWith('node:'));
    // The checker reads YAML, and nothing else.
    expect(foreign.filter((path) => name !== 'mesh-shim/check' || !path.includes('/yaml/'))).toEqual([]);
    const slow =
      /^NativeModule (?:_?http|_?tls|https|http2|net|dns|stream|cluster|worker_threads|undici|internal\/deps\/undici)/;
    expect(builtins.filter((module) => slow.test(module))).toEqual([]);
  });
});

describe("the app's global dispatcher", () => {
  /** Says of each moment whether both slots hold what they held before. */
  const watched = (steps: readonly string[], before = '') => `
    const slots = [1, 2].map((version) => Symbol.for('undici.globalDispatcher.' + version));
    const look = () => slots.map((slot) => globalThis[slot]);
    ${before}
    const [older, own] = look();
    const kept = [];
    const note = () => kept.push(look()[0] === older && look()[1] === own);
    ${steps.join('\nnote();\n')}
    note();
    console.log(JSON.stringify(kept));
    process.exit();`;
  const use = [
    `const { createMeshAgent, meshFetch } = await import('mesh-shim');`,
    `createMeshAgent();`,
    `if (await (await meshFetch('URL')).text() !== 'answered') throw new Error('no answer');`,
  ];
  const steps = () => use.map((step) => step.replace('URL', url));

  it.each([
    ['nobody has used one', ''],
    [
      'an older undici has set its own',
      `const u = await import('undici6'); u.setGlobalDispatcher(new u.Agent({ pipelining: 2 }));`,
    ],
    ['a later one has', `const u = await import('undici7'); u.setGlobalDispatcher(new u.Agent({ pipelining: 2 }));`],
    ["Node's fetch has made its own", `await fetch('data:,');`],
  ])('stays as it is when %s', async (_, before) => {
    expect(await printed(watched(steps(), before))).toEqual([true, true, true]);
  });

  it('of older versions stays under --frozen-intrinsics, too', async () => {
    const source = watched(['(await import("mesh-shim")).createMeshAgent();']).replace('&& look()[1] === own', '');
    const { code, stdout } = await app.run(process.execPath, ['--frozen-intrinsics', app.write('frozen.mjs', source)]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '[true]\n' });
  });

  const mocked = (undici: string) => `
    const { MockAgent, setGlobalDispatcher } = await import('${undici}');
    const mock = new MockAgent();
    mock.disableNetConnect();
    mock.get('http://orders').intercept({ path: '/' }).reply(200, 'mocked');
    setGlobalDispatcher(mock);`;

  it.each([
    ['undici6', ''],
    ['undici7', ''],
    ['undici', ''],
    ['undici6', `await fetch('data:,');`],
    ['undici7', `await fetch('data:,');`],
  ])('that %s has set is asked by meshFetch (%s)', async (undici, before) => {
    const source = `
      ${before}
      ${mocked(undici)}
      const { meshFetch } = await import('mesh-shim');
      console.log(JSON.stringify(await (await meshFetch('http://orders/')).text()));
      process.exit();`;
    expect(await printed(source)).toBe('mocked');
  });

  it('is there for an app that has the same undici, and its own is asked by meshFetch', async () => {
    const source = `
      const { createMeshAgent, meshFetch } = await import('mesh-shim');
      createMeshAgent();
      const { MockAgent, request, setGlobalDispatcher } = await import('undici');
      const answers = [await (await request('${url}')).body.text()];
      const mock = new MockAgent();
      mock.disableNetConnect();
      mock.get('http://orders').intercept({ path: '/' }).reply(200, 'mocked');
      setGlobalDispatcher(mock);
      answers.push(await (await meshFetch('http://orders/')).text());
      console.log(JSON.stringify(answers));
      process.exit();`;
    expect(await printed(source)).toEqual(['answered', 'mocked']);
  });
});
