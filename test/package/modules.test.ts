import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { libraryEntries } from '../../scripts/build/library-entries.ts';
import { nodesWith } from '../helpers/nodes.ts';
import { createPackageApp, type PackageApp, repository } from '../helpers/package-app.ts';

const { exports: exported, engines } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
  engines: { node: string };
};
const parts = Object.keys(libraryEntries);
const names = parts.map((part) => (part === 'index' ? 'mesh-shim' : `mesh-shim/${part}`));

let app: PackageApp;
beforeAll(() => {
  app = createPackageApp(join(repository, 'node_modules'));
});
afterAll(() => app.remove());

it('package.json names each part, in three forms', () => {
  const expected = parts.map((part) => {
    const [folder, name] = part === 'index' ? ['', '.'] : [`${part}/`, `./${part}`];
    const require = { types: `./dist/cjs/types/${folder}index.d.ts`, default: `./dist/cjs/${part}.cjs` };
    const imported = { types: `./dist/types/${folder}index.d.ts`, default: `./dist/${part}.mjs` };
    return [name, { module: `./dist/esm/${folder}index.mjs`, import: imported, require }];
  });
  expect(exported).toMatchObject(Object.fromEntries(expected));
  const others = Object.keys(exported).filter((name) => !expected.some(([part]) => part === name));
  expect(others).toEqual(['./register', './lifecycle-register', './package.json']);
});

it('the page of imports has each of them', () => {
  const page = readFileSync(join(repository, 'docs/imports.md'), 'utf8');
  const told = [...page.matchAll(/^\| `(mesh-shim\/[\w-]+)`/gm)].map(([, name]) => name);
  expect(told.toSorted()).toEqual(
    [...names.filter((name) => name !== 'mesh-shim'), 'mesh-shim/register', 'mesh-shim/lifecycle-register'].toSorted(),
  );
});

it.each(names)('%s is one, imported and required, and the same in a bundle', async (name) => {
  const form = exported[name.replace('mesh-shim', '.')] as { readonly module: string };
  const source = `
    import { createRequire } from 'node:module';
    import * as imported from '${name}';
    import * as bundled from './node_modules/mesh-shim/${form.module}';
    const required = createRequire(import.meta.url)('${name}');
    const names = Object.keys(required);
    console.log(JSON.stringify({
      names: names.sort(),
      imported: Object.keys(imported).sort(),
      bundled: Object.keys(bundled).sort(),
      same: names.every((name) => imported[name] === required[name]),
    }));`;
  const { code, stdout, stderr } = await app.run(process.execPath, [app.write('same.mjs', source)]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { names, imported, bundled, same } = JSON.parse(stdout) as Record<string, string[]>;
  expect(names?.length).toBeGreaterThan(1);
  expect({ imported, bundled, same }).toEqual({ imported: names, bundled: names, same: true });
});

describe('on a Node that is too old', () => {
  const [, old] = nodesWith(20);
  const sentence =
    /^Error: mesh-shim's library needs Node 22\.19 or later, this is 20\.\d+\.\d+; the shim's Node bundle and executable run there$/m;

  it.skipIf(old === undefined).each(names)('%s says so in one sentence', async (name) => {
    for (const source of [`require('${name}')`, `import('${name}')`]) {
      const { code, stderr } = await app.run(old?.path ?? '', ['-e', source]);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(sentence) });
      expect(stderr).toContain("code: 'MESH_NODE_VERSION'");
    }
  });

  it('the sentence and package.json mean the same', () => {
    expect(engines.node).toBe('>=22.19');
  });
});
