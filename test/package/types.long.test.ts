import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fetchApps } from '../../scripts/fetch-apps.ts';
import { createPackageApp, repository } from '../helpers/package-app.ts';
import { compile, typedApps, typedForNode } from '../helpers/typed-apps.ts';

const modules = await fetchApps();
const compilers = {
  'TypeScript 5.4': join(modules, 'typescript54'),
  'TypeScript 5.9': join(modules, 'typescript59'),
  'TypeScript 7': join(repository, 'node_modules/typescript'),
};
const nodeTypes = {
  20: join(modules, 'types-node20'),
  22: join(repository, 'node_modules/@types/node'),
  24: join(modules, 'types-node24'),
  26: join(modules, 'types-node26'),
};

const module = { module: 'nodenext' };
const dom = { lib: ['es2022', 'dom', 'dom.iterable'] };
const node10 = { module: 'commonjs', moduleResolution: 'node10' };

it.each([
  ['TypeScript 5.4', 20, 'module', module],
  ['TypeScript 5.4', 20, 'module', { ...module, ...dom }],
  ['TypeScript 5.4', 22, 'commonjs', { module: 'node16' }],
  ['TypeScript 5.4', 24, 'module', { module: 'esnext', moduleResolution: 'bundler' }],
  ['TypeScript 5.4', 22, 'commonjs', node10],
  ['TypeScript 5.9', 22, 'module', module],
  ['TypeScript 5.9', 26, 'commonjs', { ...module, skipLibCheck: false }],
  ['TypeScript 5.9', 22, 'commonjs', node10],
  ['TypeScript 7', 20, 'module', module],
  ['TypeScript 7', 24, 'module', module],
  ['TypeScript 7', 26, 'module', module],
  ['TypeScript 7', 26, 'module', { ...module, ...dom }],
] as const)('%s, with the types of Node %i, in %s: %j', async (compiler, version, type, options) => {
  const app = createPackageApp(modules, type);
  const apps = { ...typedApps, ...('lib' in options ? {} : typedForNode) };
  try {
    const asked = { compiler: compilers[compiler], nodeTypes: nodeTypes[version], options, apps };
    expect(await compile(app, asked)).toEqual([]);
  } finally {
    app.remove();
  }
});
