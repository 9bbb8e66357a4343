import { chmodSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchApps } from '../../scripts/fetch-apps.ts';
import { exercise, exercised } from '../helpers/exercise.ts';
import { createPackageApp, type PackageApp } from '../helpers/package-app.ts';

const modules = await fetchApps();
const nodes = {
  'Node 22': join(modules, 'node22/bin/node'),
  'Node 24': join(modules, 'node24/bin/node'),
  [`Node ${process.versions.node.split('.')[0]}`]: process.execPath,
} as const;

let app: PackageApp;
beforeAll(() => {
  app = createPackageApp(modules);
});
afterAll(() => app.remove());

const program = (imports: string) => `
${imports}
${exercise}
exercise({ library, undici, http }).then((seen) => { console.log(JSON.stringify(seen)); process.exit(); });
`;
const imported = program(`
import http from 'node:http';
import * as library from 'mesh-shim';
import * as undici from 'undici';
`);
const required = program(`
const http = require('node:http');
const library = require('mesh-shim');
const undici = require('undici');
`);

describe.each(Object.entries(nodes))('on %s', (_, node) => {
  it.each([
    ['imported', 'app.mjs', imported],
    ['required', 'app.cjs', required],
  ])('the library works, %s', async (_, name, source) => {
    const { code, stdout, stderr } = await app.run(node, [app.write(name, source)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(exercised);
  });
});

it.each([
  ['required', `require('mesh-shim/http')`],
  ['imported', `import('mesh-shim/http')`],
])('a Node that is too old says so in one sentence, %s', async (_, source) => {
  const { code, stderr } = await app.run(join(modules, 'node20/bin/node'), ['-e', source]);
  const sentence =
    /^Error: mesh-shim's library needs Node 22\.19 or later, this is 20\.\d+\.\d+; the shim's .* run there$/m;
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(sentence) });
});

/** What docs say of these is this: the library works as it is used here, and nothing else is known. */
describe.each([
  ['Deno', join(modules, '@deno/linux-x64-glibc/deno'), ['run', '--allow-all']],
  ['Bun', join(modules, '@oven/bun-linux-x64/bin/bun'), ['run']],
] as const)('on %s', (_, runtime, words) => {
  it('the library works', async () => {
    chmodSync(runtime, 0o755);
    // Bun's own `undici` has no dispatchers that an agent could be one of.
    const source = imported.replace("'undici'", "'undici/index.js'");
    const { code, stdout, stderr } = await app.run(runtime, [...words, app.write('app.mjs', source)]);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(exercised);
  });
});

describe("the app's egress proxy stays in its fetch", () => {
  const servers: Server[] = [];
  const listen = async (listener: RequestListener): Promise<Server> => {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  };
  const portOf = (server: Server): number => (server.address() as AddressInfo).port;
  let url: string;
  let proxy: string;

  beforeAll(async () => {
    url = `http://127.0.0.1:${portOf(await listen((_, response) => response.end('direct')))}/`;
    const beyond = portOf(await listen((_, response) => response.end('by the proxy')));
    const server = await listen((_, response) => response.end('by the proxy'));
    server.on('connect', (_, socket) => {
      const upstream = connect(beyond, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [upstream, socket]) end.on('error', () => {});
    });
    proxy = `http://127.0.0.1:${portOf(server)}`;
  });
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** The app's own fetch before the library, beside the library's client, and after it. */
  const asked = (setUp: string) => `
    ${setUp}
    const asked = async () => await (await fetch('${url}')).text();
    const before = await asked();
    const { createMeshAgent, meshFetch } = await import('mesh-shim');
    const imported = await asked();
    createMeshAgent();
    await (await meshFetch('data:,')).text();
    console.log([before, imported, await asked()].join());
    process.exit();`;
  const byProxy = 'by the proxy,by the proxy,by the proxy\n';

  it.each(Object.entries(nodes))('set by the environment, on %s', async (name, node) => {
    const env = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy, http_proxy: proxy };
    const path = app.write(`env-${name.replace(' ', '')}.mjs`, asked(''));
    expect(await app.run(node, [path], { env })).toMatchObject({ code: 0, stdout: byProxy });
  });

  it.each([
    ['undici6', 'Node 22'],
    ['undici7', 'Node 22'],
    ['undici7', 'Node 24'],
    ['undici', 'Node 22'],
    ['undici', 'Node 24'],
  ] as const)('set by %s, on %s', async (name, node) => {
    const setUp = `
      const { ProxyAgent, setGlobalDispatcher } = await import('${name}');
      setGlobalDispatcher(new ProxyAgent('${proxy}'));`;
    const path = app.write(`${name}-${node.replace(' ', '')}.mjs`, asked(setUp));
    expect(await app.run(nodes[node] as string, [path])).toMatchObject({ code: 0, stdout: byProxy });
  });
});
