import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

/** Runs a program that uses the library without a logger. */
function run(program: string, env: NodeJS.ProcessEnv = {}) {
  const source = `import * as mesh from ${JSON.stringify(resolve('src/index.ts'))};\n${program}`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, MESH_SHIM_DISABLED: 'in a test', ...env },
  });
  const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
  return { stdout, stderr, status, records: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

const wait = 'await mesh.waitForMesh();';

it("what nobody logs goes to stderr as lines of pino, and stdout stays the app's own", () => {
  const { stdout, status, records } = run(`${wait} console.log('app');`);
  expect({ stdout, status }).toEqual({ stdout: 'app\n', status: 0 });
  expect(records).toEqual([
    {
      level: 30,
      time: expect.any(Number),
      pid: expect.any(Number),
      hostname: expect.any(String),
      name: 'mesh-shim',
      msg: 'switched off: in a test',
    },
  ]);
});

it('the last line comes before an exit that follows at once', () => {
  expect(run(`mesh.waitForMesh(); process.exit(3);`)).toMatchObject({ status: 3, records: [{ name: 'mesh-shim' }] });
});

it.each([
  ['in tests', wait, { NODE_ENV: 'test' }],
  ['with the silent logger', 'await mesh.waitForMesh({ logger: mesh.silentLogger });', {}],
])('nothing is written %s', (_, program, env) => {
  expect(run(program, env)).toMatchObject({ status: 0, stderr: '' });
});

it('where pino cannot be loaded any more, the message comes all the same', () => {
  const takeDescriptors = `import { openSync } from 'node:fs'; try { for (;;) openSync('/dev/null'); } catch {}`;
  expect(run(`${takeDescriptors} ${wait}`).stderr).toBe('mesh-shim: switched off: in a test\n');
});

it('pino is not even loaded before there is something to say', () => {
  const loaded = `Object.keys((await import('node:module')).createRequire('/').cache).some((path) => path.includes('pino'))`;
  expect(run(`mesh.createMeshAgent(); console.log(${loaded});`).stdout).toBe('false\n');
  expect(run(`${wait} console.log(${loaded});`).stdout).toBe('true\n');
});
