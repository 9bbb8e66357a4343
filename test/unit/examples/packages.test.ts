import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

type Versions = Record<string, string>;
interface Package {
  version: string;
  engines: { node: string };
  dependencies: Versions;
  devDependencies?: Versions;
}
const read = (path: string): Package => JSON.parse(readFileSync(path, 'utf8'));
const own = read('package.json');
const tested: Versions = {
  ...own.devDependencies,
  ...own.dependencies,
  'mesh-shim': `file:mesh-shim-${own.version}.tgz`,
};
const packages = globSync('examples/**/package.json').filter((path) => !path.includes('node_modules'));

it.each(packages)('%s asks for what the examples are tested with', (path) => {
  const { dependencies, devDependencies, engines } = read(path);
  const asked = { ...dependencies, ...devDependencies };
  expect(asked).toEqual(Object.fromEntries(Object.keys(asked).map((name) => [name, tested[name]])));
  expect(engines).toEqual(own.engines);
});

it('there are some', () => {
  expect(packages.length).toBeGreaterThan(5);
});
