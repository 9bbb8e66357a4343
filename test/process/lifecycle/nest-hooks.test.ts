import { expect, test } from 'vitest';
import { startProgram } from '../../helpers/program.ts';
import { until } from '../../helpers/until.ts';

async function end(how: string) {
  const app = startProgram('test/fixtures/lifecycle/nest-hooks.ts', [how], { NODE_ENV: 'production' });
  const { port } = await app.ready<{ port: number }>();
  const ask = (path: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } }).then(
      (response) => response.text(),
      () => 'refused',
    );
  const slow = ask('/slow');
  await until('the request', () => app.lines.includes('begun'));
  app.child.kill('SIGTERM');
  await until('the shutdown', () => app.stderr().includes('shutting down'));
  const during = await ask('/');
  return { slow: await slow, during, ...(await app.ended), lines: app.lines.slice(2), stderr: app.stderr() };
}

test('with enableShutdownHooks Nest closes at the signal: requests under way end, all hooks run, and it is named', async () => {
  const ended = await end('at once');
  expect(ended).toMatchObject({ slow: 'whole', during: 'refused', code: 0 });
  expect(ended.lines.toSorted()).toEqual(['hook', 'nest hooks']);
  expect(ended.stderr).toContain('SIGTERM is also handled by the listener \\"cleanup\\"');
});

test('deferred, it serves through the drain delay, and its hooks come last', async () => {
  const ended = await end('deferred');
  expect(ended).toMatchObject({ slow: 'whole', during: 'whole', code: 0, lines: ['hook', 'nest hooks'] });
});
