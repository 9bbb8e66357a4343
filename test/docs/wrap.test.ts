import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { blockNamed, blocks } from '../helpers/page-blocks.ts';
import { runToolHere } from '../helpers/run-tool.ts';

const image = 'registry.example.com/mesh-shim:0.1.0';

function folderWith(files: Readonly<Record<string, string>>) {
  const cwd = mkdtempSync(join(tmpdir(), 'mesh-shim-pages-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  const wrap = (...args: string[]) =>
    runToolHere('wrap', ['--image', image, '--injection', 'true', '--offline', ...args, '.'], { cwd });
  return { cwd, wrap };
}

it('docs/wrap.md shows what is done to its Deployment, by the images file that it shows', async () => {
  const { wrap } = folderWith({
    'web.yaml': blockNamed('docs/wrap.md#what-it-does').code,
    'images.json': blockNamed('docs/wrap.md#what-images-start:2').code,
  });
  const { code, stdout } = await wrap('--images', 'images.json', '--format', 'diff');
  expect({ code, stdout }).toEqual({ code: 0, stdout: blockNamed('docs/wrap.md#what-it-does:2').code });
});

const pairs = ['scuttle', 'linkerd-await', 'shell-loops'].flatMap((heading) => {
  const own = blocks.filter(({ page, name }) => page === 'docs/migrate.md' && name.includes(`#${heading}`));
  return own.flatMap((before, index) => {
    const after = own[index + 1];
    return index % 2 === 0 && after ? [[before.name, before.code, after.code] as const] : [];
  });
});

it('docs/migrate.md has a pair for each kind', () => {
  expect(pairs.map(([name]) => name)).toEqual([
    'docs/migrate.md#scuttle',
    'docs/migrate.md#linkerd-await',
    'docs/migrate.md#shell-loops',
    'docs/migrate.md#shell-loops:3',
  ]);
});

it.each(pairs)('%s becomes what stands below it', async (_, before, after) => {
  const container = { name: 'web', image: 'registry.example.com/shop/web:1.4', ...parse(before) };
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } };
  const spec = { selector: { matchLabels: { app: 'web' } }, template };
  const { cwd, wrap } = folderWith({
    'web.yaml': stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec }),
  });
  expect((await wrap('--write')).code).toBe(0);
  const [wrapped] = parse(readFileSync(join(cwd, 'web.yaml'), 'utf8')).spec.template.spec.containers;
  expect(wrapped).toMatchObject(parse(after));
  expect({ ...wrapped, volumeMounts: undefined }).toEqual({ ...container, ...parse(after), volumeMounts: undefined });
});
