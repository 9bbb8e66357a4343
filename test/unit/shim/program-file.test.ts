import { readFileSync } from 'node:fs';
import process from 'node:process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headBytes } from '../../../shim/host.ts';
import { readProgramFile } from '../../../shim/program-file.ts';

test.each([
  ['#!/bin/sh\n', '/bin/sh'],
  ['#! \t/bin/sh\n', '/bin/sh'],
  ['#!/bin/sh\t-e\n', '/bin/sh'],
  ['#!/usr/bin/env node\n', '/usr/bin/env'],
  ['#!/bin/sh\0more\n', '/bin/sh'],
  ['#!/bin/sh\r\n', '/bin/sh\r'],
  ['#!\n', ''],
  ['#!', ''],
  [`#!/${'x'.repeat(300)}\n`, `/${'x'.repeat(253)}`],
])('%j: %j', (head, interpreter) => {
  expect(readProgramFile(head)).toEqual({ kind: 'script', interpreter });
});

test('what is no script', () => {
  expect(readProgramFile('echo hello')).toEqual({ kind: 'text' });
  expect(readProgramFile('')).toEqual({ kind: 'other' });
  expect(readProgramFile('\x00')).toEqual({ kind: 'other' });
  expect(readProgramFile('\x7fELF')).toMatchObject({ kind: 'elf', leastSize: 64 });
});

test('the program that runs this is of this machine, and whole', () => {
  const bytes = readFileSync(process.execPath);
  const file = readProgramFile(bytes.toString('latin1', 0, headBytes));
  if (file.kind !== 'elf') throw new Error(file.kind);
  expect(file.machine).toBe({ x64: 62, arm64: 183 }[process.arch as 'x64' | 'arm64']);
  expect(file.sound).toBe(true);
  expect(file.loader).toMatch(/^\/lib.*ld-/);
  expect(file.leastSize).toBeLessThanOrEqual(bytes.length);
  expect(file.leastSize).toBeGreaterThan(bytes.length / 2);
});

test('any bytes are something', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const start of ['', '#!', '\x7fELF\x02\x01', '\x7fELF\x01\x02']) {
        expect(readProgramFile(start + text).kind).toBeTypeOf('string');
      }
    }),
  );
});
