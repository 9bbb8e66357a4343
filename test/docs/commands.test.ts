import { existsSync, globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mutationTargets } from '../../scripts/mutation/rooms.ts';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const pages = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md', 'Dockerfile*', '.ci/run']);
const read = (path: string) => readFileSync(path, 'utf8');

it.each(pages)('%s names npm scripts that exist', (page) => {
  const named = [...read(page).matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

it('package.json, its scripts and what tests say name npm scripts that exist', () => {
  const texts = [
    ...Object.values(scripts),
    ...globSync(['scripts/**/*.ts', 'test/**/*.ts', 'examples/**/*.ts']).map(read),
  ];
  const named = texts.flatMap((text) => [...text.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name));
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

it('every script of package.json has its file', () => {
  const files = Object.values(scripts).flatMap((text) => text.match(/(?<=node )[\w./-]+\.ts/g) ?? []);
  expect(files.length).toBeGreaterThan(5);
  expect(files.filter((path) => !existsSync(path))).toEqual([]);
});

const guide = read('CONTRIBUTING.md');

it('CONTRIBUTING.md names tests and targets of mutations that exist', () => {
  const tests = [...guide.matchAll(/npx vitest run (test\S+(?: test\S+)*)/g)].flatMap(([, paths = '']) =>
    paths.split(' '),
  );
  const targets = [...guide.matchAll(/npm run mutate -- (\S+)/g)].map(([, name = '']) => name);
  expect(Math.min(tests.length, targets.length)).toBeGreaterThan(1);
  expect(tests.filter((path) => !existsSync(path))).toEqual([]);
  expect(targets.filter((name) => !existsSync(name) && !Object.hasOwn(mutationTargets, name))).toEqual([]);
});

it('CONTRIBUTING.md names files and folders that exist', () => {
  const prose = guide.replaceAll(/^ *```.*?^ *```/gms, '');
  const named = [...prose.matchAll(/`((?:src|shim|test|scripts|docs)\/[\w./-]+)`/g)].map(([, path = '']) => path);
  // The example of a rule, which is no rule.
  const example = (path: string) => path.includes('shared-processes');
  expect(named.filter(example)).toHaveLength(4);
  expect(named.filter((path) => !example(path) && !existsSync(path))).toEqual([]);
});

it('CONTRIBUTING.md names every project of vitest.config.ts', () => {
  const projects = [...read('vitest.config.ts').matchAll(/project\('(\w+)'/g)].map(([, name]) => name);
  const told = [...guide.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
  expect(told.toSorted()).toEqual(projects.toSorted());
  expect(told).toHaveLength(4);
});
