import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

/** Runs a program that uses the library without a logger. */
function run(program: string, env: NodeJS.ProcessEnv = {}) {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', source(program)], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, MESH_SHIM_DISABLED: 'in a test', ...env },
  });
  const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
  return { stdout, stderr, status, records: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

const source = (program: string) => `import * as mesh from ${JSON.stringify(resolve('src/index.ts'))};\n${program}`;
const wait = 'await mesh.waitForMesh();';
const switchedOff = {
  level: 30,
  time: expect.any(Number),
  pid: expect.any(Number),
  hostname: expect.any(String),
  name: 'mesh-shim',
  msg: 'switched off: in a test',
};

it("what nobody logs goes to stderr as JSON in pino's shape, and stdout stays the app's own", () => {
  const { stdout, status, records } = run(`${wait} console.log('app');`);
  expect({ stdout, status }).toEqual({ stdout: 'app\n', status: 0 });
  expect(records).toEqual([switchedOff]);
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

it('where nothing can be opened any more, the line comes all the same', () => {
  const takeDescriptors = `import { openSync } from 'node:fs'; try { for (;;) openSync('/dev/null'); } catch {}`;
  expect(run(`${takeDescriptors} ${wait}`).records).toEqual([switchedOff]);
});

it('a closed stderr does not hurt the app', () => {
  const closed = `import { closeSync } from 'node:fs'; closeSync(2);`;
  expect(run(`${closed} ${wait} console.log('app');`)).toMatchObject({ status: 0, stdout: 'app\n' });
});

it('a pipe that is full for a moment loses no line', async () => {
  const count = 400;
  const program = `
    process.stderr.write('x'.repeat(600_000) + '\\n'); // more than a pipe holds; from here on it does not block
    for (let i = 0; i < ${count}; i++) await mesh.waitForMesh();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source(program)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, MESH_SHIM_DISABLED: 'in a test' },
  });
  let stderr = '';
  child.stderr.pause();
  setTimeout(
    () =>
      child.stderr
        .setEncoding('utf8')
        .on('data', (text) => (stderr += text))
        .resume(),
    1_000,
  );
  await once(child, 'close');
  const lines = stderr.trimEnd().split('\n').slice(1);
  expect(lines.map((line) => JSON.parse(line))).toEqual(Array.from({ length: count }, () => switchedOff));
});
