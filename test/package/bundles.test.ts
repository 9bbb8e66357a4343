import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledApps, expectWorking, runAlone } from '../helpers/bundled-apps.ts';
import { createPackageApp, type PackageApp, repository } from '../helpers/package-app.ts';

let app: PackageApp;
beforeAll(() => {
  app = createPackageApp(join(repository, 'node_modules'));
});
afterAll(() => app.remove());

describe.each(['cjs', 'esm'] as const)('bundled by esbuild as %s, with no package beside it', (format) => {
  it.each(Object.entries(bundledApps))('%s works', async (name, { source, prints }) => {
    const outfile = join(app.folder, `${name}.${format === 'esm' ? 'mjs' : 'cjs'}`);
    // Packages in CommonJS need `require` in a module; esbuild's documentation gives this line.
    const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
    await build({
      entryPoints: [app.write(`${name}.js`, source)],
      bundle: true,
      platform: 'node',
      format,
      outfile,
      banner: { js: format === 'esm' ? banner : '' },
    });
    expectWorking(await runAlone(app, outfile), prints);
  });
});

describe('a bundle grows by what it uses', () => {
  const bytes = async (name: string, from: string): Promise<{ bytes: number; text: string }> => {
    const contents = `import { ${name} } from '${from}';\nconsole.log(${name});`;
    const options = { bundle: true, minify: true, platform: 'node', format: 'esm', write: false } as const;
    const { outputFiles } = await build({ stdin: { contents, resolveDir: app.folder }, ...options });
    const text = outputFiles.map((file) => file.text).join('');
    return { bytes: text.length, text };
  };

  it.each([
    ['waitForMesh', 'wait'],
    ['createHealthServer', 'health'],
    ['connectWithRetry', 'connect'],
    ['createLifecycle', 'lifecycle'],
    ['portProtocol', 'ports'],
    ['isSafeToRetry', 'http'],
  ])('%s brings no package along, and is as small from mesh-shim as from its part', async (name, part) => {
    const [whole, own, client] = await Promise.all([
      bytes(name, 'mesh-shim'),
      bytes(name, `mesh-shim/${part}`),
      bytes('meshFetch', 'mesh-shim'),
    ]);
    expect(whole.bytes / own.bytes).toBeCloseTo(1, 2); // names are shortened in another order
    expect(whole.text).not.toContain('undici');
    // The client is undici for the most part.
    expect(whole.bytes).toBeLessThan(client.bytes / 12);
  });

  it('one port function is a small part of the whole without a client', async () => {
    const [one, wait] = await Promise.all([bytes('portProtocol', 'mesh-shim'), bytes('waitForMesh', 'mesh-shim')]);
    expect(one.bytes).toBeLessThan(wait.bytes / 4);
  });
});
