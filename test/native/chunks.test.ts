import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeScripts } from '../../scripts/native/chunks.ts';
import { lazyModules } from '../../scripts/native/lazy-modules.ts';
import { hostFolder } from '../../scripts/native/sources.ts';

it('a start reads less than half of the program', async () => {
  const [start, ...chunks] = await makeScripts(`${hostFolder}/start.ts`, lazyModules);
  const rest = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  // What is added here costs each start some 130 instructions a byte: does it belong into a chunk?
  expect(start?.length).toBeLessThan(63_000);
  expect(rest).toBeGreaterThan(40_000);
  // Of each chunk something that people read, which must not be in the first script.
  expect(start?.includes('Waits until the sidecar of a service mesh carries traffic')).toBe(false);
  expect(start?.includes('grpc.health.v1.Health')).toBe(false);
});

const executable = 'dist/linux-x64/mesh-shim';

it.skipIf(process.arch !== 'x64' || !existsSync(executable) || spawnSync('prlimit', ['--version']).status !== 0)(
  'a chunk for which there is no memory is an internal error, and no hang',
  () => {
    const failed = [];
    for (let kib = 8_800; kib < 9_400; kib += 30) {
      const args = [`--as=${kib * 1024}`, executable, '--help'];
      const { status, stderr } = spawnSync('prlimit', args, { encoding: 'utf8', timeout: 20_000 });
      expect([0, 70], `${kib} KiB`).toContain(status);
      if (stderr.includes('at chunk')) failed.push(stderr);
    }
    expect(failed.length).toBeGreaterThan(0);
    expect(failed[0]).toContain('internal error, please report it: out of memory');
  },
  120_000,
);

describe('a program of several scripts', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mesh-shim-chunks-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return relative('.', join(folder, name));
  };
  /** Runs it as the host does; answers what it has said, the chunks that were read among it. */
  const run = (scripts: readonly Buffer[]): unknown[] => {
    const said: unknown[] = [];
    const system = {
      chunk(place: number) {
        said.push(`chunk ${place}`);
        return runInNewContext(String(scripts[place]), { say });
      },
    };
    const say = (what: unknown): void => void said.push(what);
    runInNewContext(String(scripts[0]), { system, say });
    return said;
  };

  it('reads each chunk once, when it is used, and has each module once', async () => {
    write(
      'state.ts',
      'export class Fault extends Error {}\nlet count = 0;\nexport function next(): number { return ++count; }',
    );
    write('shared.ts', 'let calls = 0;\nexport const shared = (): number => ++calls;');
    const one = write(
      'one.ts',
      `import { next, Fault } from './state.ts';
       import { shared } from './shared.ts';
       import { two } from './two.ts';
       export function one(a: number): string { return [a, next(), shared(), two()].join(); }
       export function fail(): never { throw new Fault('of one'); }
       export async function later(): Promise<string> { return 'later'; }`,
    );
    const two = write(
      'two.ts',
      `import { shared } from './shared.ts';\nexport function two(): number { return shared(); }`,
    );
    const entry = write(
      'entry.ts',
      `import { next, Fault } from './state.ts';
       import { one, fail, later } from './one.ts';
       declare function say(what: unknown): void;
       say(next());
       say(one(7));
       say(one(8));
       try { fail(); } catch (error) { say(error instanceof Fault); }
       say(typeof later().then);`,
    );
    const scripts = await makeScripts(entry, { one: [one], two: [two] });
    expect(scripts).toHaveLength(4);
    expect(run(scripts)).toEqual([1, 'chunk 2', 'chunk 1', 'chunk 3', '7,2,1,2', '8,3,3,4', true, 'function']);
  });

  it('does not read what is not used', async () => {
    const one = write('one.ts', `export function one(): string { return 'one'; }`);
    const entry = write(
      'entry.ts',
      `import { one } from './one.ts';\ndeclare function say(what: unknown): void;\nsay(1);\nif ('x'.length > 1) say(one());`,
    );
    expect(run(await makeScripts(entry, { one: [one] }))).toEqual([1]);
  });

  it('refuses a lazy module that exports a value', async () => {
    const one = write('one.ts', 'export const table = [1];\nexport function one(): number { return 1; }');
    const entry = write('entry.ts', `import { one } from './one.ts';\none();`);
    await expect(makeScripts(entry, { one: [one] })).rejects.toThrow('exports table, which is not a function');
  });
});
