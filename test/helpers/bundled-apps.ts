import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { expect } from 'vitest';
import type { Outcome, PackageApp } from './package-app.ts';

/** Apps whose bundles are tried, each with the lines that it prints when it works. */
export const bundledApps = {
  fetch: {
    prints: 'hello',
    source: `
      import { meshFetch } from 'mesh-shim';
      meshFetch('data:,hello').then((reply) => reply.text()).then((text) => { console.log(text); process.exit(); });`,
  },
  agent: {
    prints: 'function, MeshOptionError, MESH_OPTION',
    source: `
      import { createMeshAgent, MeshOptionError } from 'mesh-shim/http';
      const agent = createMeshAgent();
      try { createMeshAgent({ maxRetries: -1 }); } catch (error) {
        console.log([typeof agent.request, error instanceof MeshOptionError && error.name, error.code].join(', '));
      }
      agent.close();`,
  },
  health: { prints: '200', source: healthApp(false) },
  thread: { prints: '200', source: healthApp(true) },
  wait: {
    prints: 'no-sidecar',
    source: `
      import { waitForMesh } from 'mesh-shim/wait';
      waitForMesh({ mesh: 'none' }).then(({ kind }) => console.log(kind));`,
  },
} as const;

function healthApp(worker: boolean): string {
  return `
    import { createHealthServer } from 'mesh-shim/health';
    async function main() {
      const health = await createHealthServer({ port: 0, host: '127.0.0.1', worker: ${worker} });
      health.setState('ready');
      for (let i = 0, status = 0; i < 100 && status !== 200; i += 1) {
        status = (await fetch(health.url + '/readyz')).status;
        if (status === 200 || i === 99) console.log(status);
        else await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await health.close();
      process.exit();
    }
    main();`;
}

/** Runs a bundle where it finds no package: alone, in an empty folder. */
export async function runAlone(app: PackageApp, bundle: string, node = process.execPath): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-bundle-'));
  try {
    const alone = join(folder, basename(bundle));
    cpSync(bundle, alone);
    return await app.run(node, [alone], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The app has done its work, and what the library says comes as JSON. */
export function expectWorking({ code, stdout, stderr }: Outcome, prints: string): void {
  expect({ code, stdout, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stdout: `${prints}\n`, stderr: '' });
  const said = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('(')); // Node's own warnings
  for (const line of said) expect(JSON.parse(line)).toMatchObject({ name: 'mesh-shim', msg: expect.any(String) });
}
