import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { afterEach, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-write-'));
afterEach(() => rmSync(folder, { recursive: true }));

it('check --fix: a file that cannot be written keeps its text, the others are fixed, and the exit code says so', () => {
  const old = readFileSync('test/fixtures/check/api-old/bad.yaml', 'utf8').replaceAll(/ # expect.*/g, '');
  const texts = { a: old, b: old + '# long\n'.repeat(20_000), c: old };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, `${name}.yaml`), text);
  // Files of more than 50 KiB cannot be written.
  const script = `ulimit -f 100; exec "$0" "$@"`;
  const args = [process.execPath, resolve('dist/cli.mjs'), 'check', '.', '--fix'];
  const { status, stderr } = spawnSync('sh', ['-c', script, ...args], { cwd: folder, encoding: 'utf8' });
  expect(stderr).toContain('mesh-shim: cannot write b.yaml: file too large\n');
  expect(stderr).toContain('mesh-shim: fixed a.yaml\n');
  expect(stderr).toContain('mesh-shim: fixed c.yaml\n');
  expect(status).toBe(2);
  const now = (name: string) => readFileSync(join(folder, `${name}.yaml`), 'utf8');
  expect([now('a'), now('c')]).toEqual([old, old].map((text) => text.replace('v1alpha3', 'v1')));
  expect(now('b')).toBe(texts.b);
  expect(readdirSync(folder)).toEqual(['a.yaml', 'b.yaml', 'c.yaml']);
});
