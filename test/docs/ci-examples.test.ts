import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { check } from '../../src/tools/check/check.ts';
import { readConfiguration } from '../../src/tools/check/configuration.ts';
import { blockNamed } from '../helpers/page-blocks.ts';
import { runToolHere } from '../helpers/run-tool.ts';

const folder = 'examples/ci';

it('has settings that the checker takes', () => {
  expect(readConfiguration(new Map(), folder).inputs).toEqual({
    ...{ istio: '1.31', kubernetes: '1.34', cni: true },
    injection: { '*': true, legacy: false },
  });
});

it.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))(
  '%s is YAML and calls the checker with options that exist',
  (name) => {
    const text = readFileSync(`${folder}/${name}`, 'utf8');
    expect(parse(text)).toBeTypeOf('object');
    const used = [...text.matchAll(/mesh-shim check (.*)/g)].flatMap(([, rest = '']) => rest.match(/--[a-z-]+/g) ?? []);
    expect(used.filter((flag) => !check.options.some((option) => `--${option.flag}` === flag))).toEqual([]);
  },
);

it('prints what its README shows', async () => {
  const run = await runToolHere('check', ['examples/node-service/kubernetes']);
  expect(run.code).toBe(0);
  expect(run.stdout).toBe(blockNamed('examples/ci/README.md').code);
});
