import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { CHECK_OPTIONS } from '../../src/check/cli/check.ts';
import { readConfiguration } from '../../src/check/cli/configuration.ts';

const FOLDER = 'examples/ci';

it('has settings that the checker takes', () => {
  expect(readConfiguration(new Map(), FOLDER).inputs).toEqual({ istio: '1.31', kubernetes: '1.34', cni: true });
});

it.each(readdirSync(FOLDER))('%s is YAML and calls the checker with options that exist', (name) => {
  const text = readFileSync(`${FOLDER}/${name}`, 'utf8');
  expect(parse(text)).toBeTypeOf('object');
  const used = [...text.matchAll(/mesh-shim check (.*)/g)].flatMap(([, rest = '']) => rest.match(/--[a-z-]+/g) ?? []);
  expect(used.filter((flag) => !CHECK_OPTIONS.some((option) => `--${option.flag}` === flag))).toEqual([]);
});
