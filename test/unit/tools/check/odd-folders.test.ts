import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { oddDocuments } from '../../../../scripts/go-yaml/documents.ts';
import { runToolHere } from '../../../helpers/run-tool.ts';

// Whatever lies in a folder: it is named in a line or left alone, and what is beside it is checked.

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mesh-shim-odd-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const sound = readFileSync('test/fixtures/check/probe-host/bad.yaml', 'utf8');
const job = readFileSync('test/fixtures/check/job-never-ends/bad.yaml', 'utf8');
const header = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';

const folders = ['', 'a', 'a/b', 'c.yaml', 'Kustomization', '.hidden', 'overlays/prod'];
const names = [
  ...['a.yaml', 'b.json', 'kustomization.yaml', 'kustomization.yml', 'Kustomization', 'Chart.yaml', '.gitignore'],
  ...['values.yaml', 'README', 'x\ny.yaml', 'é.yaml'],
];
const path = fc.tuple(fc.constantFrom(...folders), fc.constantFrom(...names)).map((parts) => join(...parts));
const targets = [
  '.',
  '..',
  'a',
  '../a',
  'a.yaml',
  '../base',
  'nowhere',
  '../../..',
  'a/b',
  '',
  'https://x/y',
  './a/../a.yaml',
  'a\0b',
];
const kustomization = fc
  .record({
    resources: fc.array(fc.constantFrom(...targets), { maxLength: 4 }),
    components: fc.array(fc.constantFrom(...targets), { maxLength: 2 }),
    patches: fc.constantFrom<unknown[]>([], [{ path: 'a.yaml' }], [7]),
    namespace: fc.constantFrom<unknown>('prod', 7, null, {}),
  })
  .map((data) => JSON.stringify(data));
const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...Object.values(oddDocuments)) },
  { weight: 4, arbitrary: fc.constantFrom(...Object.values(oddDocuments)).map((odd) => header + odd) },
  { weight: 3, arbitrary: kustomization },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      sound,
      job,
      `${sound}---\n${job}`,
      JSON.stringify({ kind: 'List', items: [[], 1, null] }),
    ),
  },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 200 }).map((at) => sound.slice(0, at) + sound.slice(at + 3)) },
);
const entry = fc.oneof(
  { weight: 8, arbitrary: fc.record({ path, text }) },
  {
    weight: 2,
    arbitrary: fc.record({
      path,
      link: fc.constantFrom(...targets.filter((one) => one !== '' && !one.includes('\0'))),
    }),
  },
  { weight: 1, arbitrary: fc.record({ path, bytes: fc.uint8Array({ maxLength: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ path, folder: fc.constant(true) }) },
);

type Entry = { path: string; text?: string; link?: string; bytes?: Uint8Array; folder?: boolean };

/** Makes what can be made: of two entries at one place the first stays. */
function build(cwd: string, entries: readonly Entry[]): void {
  for (const { path: name, text: content, link, bytes, folder } of entries) {
    const whole = join(cwd, name);
    try {
      mkdirSync(dirname(whole), { recursive: true });
      if (existsSync(whole)) continue;
      if (folder) mkdirSync(whole);
      else if (link !== undefined) symlinkSync(link, whole);
      else writeFileSync(whole, bytes ?? content ?? '');
    } catch {
      // A file stands where a folder should be.
    }
  }
}

const runs = fc.constantFrom<string[]>(
  ['--format=json'],
  ['--format=text'],
  ['--format=github'],
  ['--fix', '--kubernetes=1.30'],
  ['--no-gitignore', '--exclude=a,*.json'],
);

it('odd folders: a documented exit code, no stack trace, and nothing else is hidden', async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 9 }), runs, async (entries, options) => {
      count += 1;
      const cwd = join(root, `work-${count}`, 'deep/er');
      build(join(cwd, 'odd'), entries);
      build(cwd, [
        { path: 'sound/web.yaml', text: sound },
        { path: 'odd/z', text: '' },
      ]);
      const { code, stdout, stderr } = await runToolHere('check', ['odd', 'sound', ...options], { cwd });
      if (options.includes('--fix')) {
        expect([0, 1, 2]).toContain(code);
        expect(stderr).toContain('mesh-shim: fixed ');
        expect(readFileSync(join(cwd, 'sound/web.yaml'), 'utf8')).not.toBe(sound);
      } else {
        // What could not be read is 2, whatever was found beside it.
        expect([1, 2]).toContain(code);
        expect(stdout).toContain('probe-host');
      }
      for (const line of stderr.split('\n').slice(0, -1)) expect(line).toMatch(/^mesh-shim( check)?: /);
      expect(stdout + stderr).not.toMatch(/\n {4}at .*:\d+:\d+/);
      rmSync(join(root, `work-${count}`), { recursive: true });
    }),
    { numRuns: 100 },
  );
}, 60_000);

it('pipes and sockets in a folder are not opened', async () => {
  const cwd = join(root, 'pipes');
  build(cwd, [{ path: 'sound.yaml', text: sound }]);
  expect(spawnSync('mkfifo', [join(cwd, 'p.yaml')]).status).toBe(0);
  const { code, stdout } = await runToolHere('check', ['.'], { cwd });
  expect(code).toBe(1);
  expect(stdout).toContain('p.yaml:1 skipped: a pipe, a socket or a device: not opened');
});
