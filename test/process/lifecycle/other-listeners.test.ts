import { afterEach, describe, expect, test } from 'vitest';
import { type Program, startProgram } from '../../helpers/program.ts';
import { until } from '../../helpers/until.ts';

let program: Program | undefined;
afterEach(() => program?.kill());

async function start(what: string, options: object = {}) {
  const app = startProgram('test/fixtures/lifecycle/other-listener.ts', [what, JSON.stringify(options)], {
    NODE_ENV: 'production',
  });
  program = app;
  const { port } = await app.ready<{ port: number }>();
  return { ...app, url: `http://127.0.0.1:${port}` };
}

async function endWithRequest(app: Awaited<ReturnType<typeof start>>) {
  const reply = fetch(`${app.url}/slow`).then(
    (response) => response.text(),
    () => 'lost',
  );
  await until('the request', () => app.lines.includes('begun'));
  app.child.kill('SIGTERM');
  return { reply: await reply, ended: await app.ended, lines: app.lines.slice(1) };
}

const messages = (app: Program, level: number) =>
  app
    .stderr()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { level: number; msg: string })
    .filter((record) => record.level >= level)
    .map(({ msg }) => msg);

describe.each(['before', 'late'])('a listener of the signal that was there %s', (when) => {
  const named = (kind: string) => (when === 'late' ? `${kind}, late` : kind);

  test('is named at start, and one that ends the process makes it fail aloud', async () => {
    const app = await start(named('exits'));
    expect(messages(app, 40)).toEqual([
      expect.stringMatching(/^SIGTERM is also handled by the listener "flushAndExit": .*deferListeners: true/),
    ]);
    const { reply, ended } = await endWithRequest(app);
    expect([reply, ended]).toEqual(['lost', { code: 1, signal: null }]);
    expect(messages(app, 50)).toEqual([
      'process.exit(0) was called by the app, perhaps the listener "flushAndExit" before the shutdown had ended',
    ]);
  });

  test('that only cleans up is called at once', async () => {
    const { reply, ended, lines } = await endWithRequest(await start(named('only cleans up')));
    expect([reply, ended]).toEqual(['whole', { code: 0, signal: null }]);
    expect(lines).toEqual(['begun', 'other listener', 'served', 'hook']);
  });

  test.each([
    ['exits', ['begun', 'served', 'hook', 'other listener']],
    ['repeats', ['begun', 'served', 'hook', 'other listener']],
    ['only cleans up', ['begun', 'served', 'hook', 'other listener']],
    ['closes', ['begun', 'served', 'hook']],
  ])('deferred: "%s" comes when requests are served and hooks have run', async (kind, order) => {
    const options = { deferListeners: true, drainDelayMs: 300, hookTimeoutMs: 500 };
    const { reply, ended, lines } = await endWithRequest(await start(named(kind), options));
    expect([reply, ended]).toEqual(['whole', { code: 0, signal: null }]);
    expect(lines).toEqual(order);
  });
});

test('Nest and the like send the signal again: nothing is cut', async () => {
  const { reply, ended, lines } = await endWithRequest(await start('repeats'));
  expect([reply, ended]).toEqual(['whole', { code: 0, signal: null }]);
  expect(lines).toContain('hook');
});

test('two lifecycles end together, and it is said', async () => {
  const app = await start('second lifecycle, late');
  expect(messages(app, 40)).toEqual([expect.stringContaining('createLifecycle was called more than once')]);
  const { reply, ended, lines } = await endWithRequest(app);
  expect([reply, ended]).toEqual(['whole', { code: 0, signal: null }]);
  expect(lines.toSorted()).toEqual(['begun', 'hook', 'second hook', 'served']);
});
