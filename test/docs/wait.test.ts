import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exitCodes } from '../../shim/exit-codes.ts';
import { MeshOptionError, MeshTimeoutError, type WaitForMeshResult } from '../../src/index.ts';
import { codeSpans, tableRows } from '../helpers/markdown-tables.ts';

const page = readFileSync(new URL('../../docs/wait.md', import.meta.url), 'utf8');
const rows = tableRows(page);
const rowsBetween = (first: string, after: string): string[][] => {
  const names = rows.map(([name = '']) => codeSpans(name)[0] ?? name);
  return rows.slice(names.indexOf(first), names.indexOf(after));
};

test('every kind of result', () => {
  // The type checker holds this list to the union; the list holds the table to it.
  const kinds: Record<WaitForMeshResult['kind'], true> = {
    ready: true,
    'no-sidecar': true,
    ambient: true,
    disabled: true,
    'not-ready': true,
  };
  expect(rowsBetween('ready', 'timeoutMs').map(([kind = '']) => codeSpans(kind)[0])).toEqual(Object.keys(kinds));
});

test('the errors with their codes', () => {
  const timedOut = {
    subject: 's',
    mesh: 'auto',
    recognised: [],
    reason: 'r',
    cause: 'says-no',
    waitedMs: 1,
    probes: 1,
  } as const;
  const errors = [
    new MeshTimeoutError({ kind: 'timed-out', ...timedOut }),
    new MeshOptionError('f', { at: 'o', value: 1, accepts: 'a' }),
  ];
  const shown = rowsBetween('MeshTimeoutError', '64').map((row) => row.slice(0, 2).flatMap(codeSpans));
  expect(shown).toEqual(errors.map(({ name, code }) => [name, code]));
});

test("the exit codes are the shim's", () => {
  const { usage, timedOut, internal, signalBase } = exitCodes;
  const shown = rows.slice(rows.findIndex(([code]) => code === '64')).map(([code = '']) => Number.parseInt(code, 10));
  expect(shown).toEqual([usage, timedOut, internal, signalBase].map(({ code }) => code));
});
