import { describe, expect, test } from 'vitest';
import { envoyMissing, startEnvoy } from '../helpers/envoy.ts';
import { freePort } from '../helpers/free-port.ts';
import { startProgram } from '../helpers/program.ts';

const startApp = async (quitUrl: string) => {
  const app = startProgram('test/fixtures/lifecycle/app.ts', [JSON.stringify({ quitUrl })]);
  await app.ready();
  return app;
};

describe.skipIf(envoyMissing())('the sidecar at the end of a lifecycle', () => {
  test('a real Envoy quits after the hooks', async () => {
    const envoy = await startEnvoy({ config: {} });
    const app = await startApp(`${envoy.adminUrl}/quitquitquit`);
    app.child.kill('SIGTERM');
    expect(await app.ended).toEqual({ code: 0, signal: null });
    expect((await envoy.exited).code).toBe(0);
    expect(app.lines.at(-2)).toBe('database closed');
    await envoy.stop();
  });
});

test('a sidecar that nobody can reach makes the exit code 1, and is named', async () => {
  const url = `http://127.0.0.1:${await freePort()}/quitquitquit`;
  const app = await startApp(url);
  app.child.kill('SIGTERM');
  expect(await app.ended).toEqual({ code: 1, signal: null });
  expect(JSON.parse(app.stderr())).toMatchObject({
    level: 50,
    msg: 'the sidecar was not told to quit and stays',
    err: {
      message: expect.stringContaining(
        `the sidecar could not be told to quit in time and may stay: ${url}: connect ECONNREFUSED`,
      ),
    },
  });
});
