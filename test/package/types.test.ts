import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createPackageApp, repository } from '../helpers/package-app.ts';
import { compile, typedApps, typedForNode } from '../helpers/typed-apps.ts';

const modules = join(repository, 'node_modules');
const compiler = join(modules, 'typescript');
const nodeTypes = join(modules, '@types/node');

const resolutions = [
  ['an ES module', 'module', { module: 'nodenext' }],
  ['an ES module, and the declarations themselves', 'module', { module: 'nodenext', skipLibCheck: false }],
  ['an ES module for a bundler', 'module', { module: 'esnext', moduleResolution: 'bundler' }],
  ['CommonJS', 'commonjs', { module: 'node16', moduleResolution: 'node16' }],
] as const;

it.each(resolutions)('compiles in %s', async (_, type, options) => {
  const app = createPackageApp(modules, type);
  try {
    expect(await compile(app, { compiler, nodeTypes, options, apps: { ...typedApps, ...typedForNode } })).toEqual([]);
  } finally {
    app.remove();
  }
});

it('compiles with the types of the DOM', async () => {
  const app = createPackageApp(modules);
  try {
    const options = { module: 'nodenext', lib: ['es2022', 'dom', 'dom.iterable'] };
    expect(await compile(app, { compiler, nodeTypes, options, apps: typedApps })).toEqual([]);
  } finally {
    app.remove();
  }
});
