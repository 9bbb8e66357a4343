import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { fetchApps } from '../../scripts/fetch-apps.ts';
import { exercise, exercised } from '../helpers/exercise.ts';
import { createPackageApp } from '../helpers/package-app.ts';

const modules = await fetchApps();
const inModules = `
import http from 'node:http';
import * as library from 'mesh-shim';
import * as undici from 'undici';
`;
const inCommonJs = `
const http = require('node:http');
const library = require('mesh-shim');
const undici = require('undici');
`;
const aTest = `
${exercise}
test('the library works', async () => {
  expect(await exercise({ library, undici, http })).toEqual(${JSON.stringify(exercised)});
});
`;
const aProgram = `
${exercise}
exercise({ library, undici, http }).then((seen) => console.log(JSON.stringify(seen)));
`;

/** Runs a program on one file of an app, which needs no node_modules but its own. */
async function inApp(
  type: 'module' | 'commonjs',
  [name, source]: readonly [string, string],
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
) {
  const app = createPackageApp(modules, type);
  try {
    app.write(name, source);
    app.write('jest.config.json', '{ "transform": {} }');
    return await app.run(process.execPath, words, { env });
  } finally {
    app.remove();
  }
}

describe('in Jest', () => {
  const jest = [join(modules, 'jest/bin/jest.js'), '--ci', '--config', 'jest.config.json'];

  it('as it is by default', async () => {
    const { code, stderr } = await inApp('commonjs', ['app.test.js', inCommonJs + aTest], jest);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('Tests:       1 passed, 1 total') });
  });

  it('with ES modules', async () => {
    const env = { NODE_OPTIONS: '--experimental-vm-modules' };
    const { code, stderr } = await inApp('module', ['app.test.js', inModules + aTest], jest, env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('Tests:       1 passed, 1 total') });
  });
});

describe('in vitest', () => {
  it.each(['forks', 'threads', 'vmForks', 'vmThreads'])('in the pool %s', async (pool) => {
    const words = [join(modules, 'vitest/vitest.mjs'), 'run', `--pool=${pool}`, '--globals', '--no-color'];
    const { code, stdout, stderr } = await inApp('module', ['app.test.ts', inModules + aTest], words);
    expect({ code, stdout: stdout + stderr }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/Tests +1 passed \(1\)/),
    });
  });
});

describe('with tsx', () => {
  it.each([
    ['an ES module', 'module', inModules],
    ['CommonJS', 'commonjs', inModules],
    ['CommonJS with require', 'commonjs', inCommonJs],
  ] as const)('in %s', async (_, type, imports) => {
    const words = [join(modules, 'tsx/dist/cli.mjs'), 'app.ts'];
    const { code, stdout, stderr } = await inApp(type, ['app.ts', imports + aProgram], words);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(exercised);
  });
});
