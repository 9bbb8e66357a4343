import { expect, test } from 'vitest';
import { startProgram } from '../../helpers/program.ts';

const end = async (how: string) => {
  const app = startProgram('test/fixtures/lifecycle/job.ts', [how], { NODE_ENV: 'production' });
  const limit = setTimeout(app.kill, 15_000);
  const { code } = await app.ended;
  clearTimeout(limit);
  return { code, lines: app.lines, stderr: app.stderr() };
};

test.each([
  ['by itself', 0],
  ['with a code of its own', 3],
  // Node's own code for it.
  ['in the middle of a wait', 13],
])('a Job that ends %s runs its hooks and tells its sidecar; exit code %i', async (how, code) => {
  const ended = await end(how);
  expect(ended.code).toBe(code);
  expect(ended.lines).toEqual(['work done', 'hook', 'sidecar told']);
});

test('a Job that ends with shutdown()', async () => {
  expect(await end('by shutdown()')).toMatchObject({ code: 0, lines: ['work done', 'hook'] });
});

test('process.exit() waits for nobody: that is said', async () => {
  const ended = await end('by process.exit()');
  expect([ended.code, ended.lines]).toEqual([0, ['work done']]);
  expect(ended.stderr).toContain(
    'process.exit(0) was called: hooks were not run and no sidecar was told; let the process end by itself, or await lifecycle.shutdown()',
  );
});
