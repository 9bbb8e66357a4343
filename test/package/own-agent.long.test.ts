import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchApps } from '../../scripts/fetch-apps.ts';
import { type FaultServer, startFaultServer } from '../helpers/fault-server.ts';
import { ownUf } from '../helpers/http-clients.ts';
import { createPackageApp, type PackageApp } from '../helpers/package-app.ts';

// Which undici fills the global slots, and with what, differs by Node: the client's options hold on each of them.

const modules = await fetchApps();
const nodes = {
  'Node 22': join(modules, 'node22/bin/node'),
  'Node 24': join(modules, 'node24/bin/node'),
  [`Node ${process.versions.node.split('.')[0]}`]: process.execPath,
} as const;

let app: PackageApp;
let server: FaultServer;
beforeAll(async () => {
  app = createPackageApp(modules);
  // Each address is busy once, as a sidecar is that could not connect after retries of its own.
  const seen = new Set<string>();
  server = await startFaultServer(({ path }) => {
    if (seen.has(path)) return { do: 'reply' };
    seen.add(path);
    return { ...ownUf, body: ownUf.body.replace('reset reason', 'retried and the latest reset reason') };
  });
});
afterAll(async () => {
  app.remove();
  await server.close();
});

const before = {
  nothing: '',
  "the app's own fetch": `await fetch('data:,'); await fetch('data:,', { method: 'POST', body: 'x' }).catch(() => {});`,
  "undici 6's own Agent": `const u = await import('undici6'); u.setGlobalDispatcher(new u.Agent());`,
  "undici 7's own Agent": `const u = await import('undici7'); u.setGlobalDispatcher(new u.Agent());`,
  'an Agent of undici 6 with options': `const u = await import('undici6'); u.setGlobalDispatcher(new u.Agent({ connections: 2 }));`,
  'an Agent of undici 7 with options': `const u = await import('undici7'); u.setGlobalDispatcher(new u.Agent({ connections: 2 }));`,
} as const;

describe.each(Object.entries(nodes))('on %s', (version, node) => {
  it.each(Object.entries(before))('a POST is repeated as trustSidecar says, after %s', async (name, setUp) => {
    const path = `/${version}-${name}`.replaceAll(/[ ']/g, '-');
    const source = `
      ${setUp}
      const { createMeshFetch, silentLogger } = await import('mesh-shim');
      const statuses = [];
      for (const trustSidecar of ['strict', 'off', 'istio-default-policy']) {
        const meshFetch = createMeshFetch({ logger: silentLogger, arrivalBaseMs: 5, trustSidecar });
        for (const body of ['an order', new Blob(['an order']), 'x'.repeat(100_000)]) {
          const url = '${server.url}${path}-' + trustSidecar + statuses.length;
          statuses.push((await meshFetch(url, { method: 'POST', body })).status);
        }
      }
      console.log(statuses.join());
      process.exit();`;
    const outcome = await app.run(node, ['--no-warnings', app.write(`trust${path.replace('/', '-')}.mjs`, source)]);
    expect(outcome).toEqual({ code: 0, stdout: '503,503,503,503,503,503,200,200,200\n', stderr: '' });
  });
});
