import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { runToolHere } from '../../helpers/run-tool.ts';

const file = (arch: string) => resolve(import.meta.dirname, '../../..', 'dist', `linux-${arch}`, 'mesh-shim');

/** The path, where the executable has been built; test/process/path.test.ts builds both. */
const expected = (arch: string) =>
  existsSync(file(arch))
    ? { code: 0, stdout: `${file(arch)}\n`, stderr: '' }
    : {
        code: 2,
        stdout: '',
        stderr: `mesh-shim path: ${file(arch)} does not exist: this copy of the package has no executable for ${arch}; install the published package, or build it in a clone: npm run build:native\n`,
      };

it.each([
  ['x64', 'x64'],
  ['amd64', 'x64'],
  ['x86_64', 'x64'],
  ['arm64', 'arm64'],
  ['aarch64', 'arm64'],
])('%s is the executable for %s', async (name, arch) => {
  expect(await runToolHere('path', ['--arch', name])).toEqual(expected(arch));
  if (arch === process.arch) expect(await runToolHere('path', [])).toEqual(expected(arch));
});

describe('is refused', () => {
  it.each([
    [['arm64'], 'unexpected "arm64"; name the architecture with --arch'],
    [['--arch', 'arm46'], '--arch: unknown architecture "arm46"; did you mean arm64?'],
    [['--arch', 'constructor'], '--arch: unknown architecture "constructor"; use x64, amd64, x86_64, arm64, aarch64'],
  ])('%j', async (args, message) => {
    const refusal = { code: 2, stdout: '', stderr: `mesh-shim path: ${message}\n` };
    expect(await runToolHere('path', args)).toEqual(refusal);
  });
});
