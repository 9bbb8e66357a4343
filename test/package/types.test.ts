import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createPackageApp, repository } from '../helpers/package-app.ts';
import { codeOf } from '../helpers/snippets.ts';
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

/** Pages whose code takes nothing as given. */
it.each(['docs/health.md', 'docs/ports.md'])('the code of %s compiles', async (page) => {
  const app = createPackageApp(modules);
  const moreTypes = { '@types/pg': join(modules, '@types/pg') };
  try {
    const apps = Object.fromEntries(codeOf(page).map((code, index) => [String(index), code]));
    expect(Object.keys(apps)).not.toEqual([]);
    expect(await compile(app, { compiler, nodeTypes, moreTypes, options: { module: 'nodenext' }, apps })).toEqual([]);
  } finally {
    app.remove();
  }
});
