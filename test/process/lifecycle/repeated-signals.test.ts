import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { keys, onTerminal } from '../../helpers/on-terminal.ts';
import { type Running, runCommand } from '../../helpers/run-shim.ts';
import { until } from '../../helpers/until.ts';

const fixture = fileURLToPath(new URL('../../fixtures/lifecycle/other-listener.ts', import.meta.url));
const relay = fileURLToPath(new URL('../../fixtures/lifecycle/relay-to-group.ts', import.meta.url));

/** Signals everybody in the group, itself left out, as `dumb-init` does, and `tini -g`. */
const toGroup: Record<string, string[]> = { 'a relay of ours': [process.execPath, relay] };
for (const [name, command] of Object.entries({ 'dumb-init': ['dumb-init'], 'tini -g': ['tini', '-s', '-g', '--'] })) {
  if (spawnSync(command[0] as string, ['--version']).error === undefined) toGroup[name] = command;
  else process.stderr.write(`SKIPPED: ${name} is not installed\n`);
}

/** In a session of its own, unless at a terminal: without one, like in a pod. */
const inSession = ['setsid', '--wait'];

function start(prefix: readonly string[], options: object = {}): Running {
  return runCommand([process.execPath, fixture, 'none', JSON.stringify(options)], { prefix });
}

async function slowRequest(app: Running) {
  const [, port] = await app.saw(/"port":(\d+)/);
  const reply = fetch(`http://127.0.0.1:${port}/slow`).then(
    (response) => response.text(),
    () => 'lost',
  );
  await app.saw(/begun/);
  return reply;
}

describe.each(Object.entries(toGroup))('%s', (_, command) => {
  test('gives the signal to all: nothing is lost', async () => {
    const app = start([...inSession, ...command]);
    const reply = slowRequest(app);
    await app.saw(/begun/);
    // The child of setsid, which waits for it.
    const relayPid = Number(spawnSync('pgrep', ['-P', `${app.pid}`], { encoding: 'utf8' }).stdout.trim() || app.pid);
    process.kill(relayPid, 'SIGTERM');
    expect(await reply).toBe('whole');
    expect(await app.ended).toEqual({ code: 0, signal: null });
    expect(app.stdout()).toContain('hook');
  });
});

test.each([['SIGTERM'], ['SIGINT']] as const)('%s long after the first does not cut', async (signal) => {
  const app = start([], { drainDelayMs: 1_500 });
  const reply = slowRequest(app);
  await app.saw(/begun/);
  app.child.kill(signal);
  await delay(1_100);
  expect(app.child.exitCode).toBe(null);
  const { port } = JSON.parse(app.stdout().split('\n')[0] ?? '');
  const late = fetch(`http://127.0.0.1:${port}/slow`).then((response) => response.text());
  await until('the second request', () => app.stdout().split('begun').length === 3);
  // Without a terminal an interrupt is a signal like others: this test may run at one.
  app.child.kill('SIGTERM');
  expect([await reply, await late]).toEqual(['whole', 'whole']);
  expect(await app.ended).toEqual({ code: 0, signal: null });
});

test('without a terminal SIGINT does not cut either', async () => {
  const app = start(inSession, { drainDelayMs: 1_500 });
  await app.saw(/"port"/);
  const pid = Number(spawnSync('pgrep', ['-P', `${app.pid}`], { encoding: 'utf8' }).stdout.trim() || app.pid);
  process.kill(pid, 'SIGINT');
  await delay(1_100);
  process.kill(pid, 'SIGINT');
  expect(await app.ended).toEqual({ code: 0, signal: null });
});

test('a second Ctrl-C at a terminal ends at once, and says so', async () => {
  const app = start(onTerminal, { drainDelayMs: 60_000, graceMs: 70_000 });
  const reply = slowRequest(app);
  await app.saw(/begun/);
  app.child.stdin?.write(keys.interrupt);
  await app.saw(/shutting down: SIGINT/);
  await delay(1_100);
  app.child.stdin?.write(keys.interrupt);
  expect((await app.ended).code).toBe(130);
  expect(app.stdout()).toContain(
    'SIGINT while shutting down: ending at once, requests in flight are lost, exit code 130',
  );
  await reply;
});

test('one Ctrl-C under node --watch, which relays what the terminal has sent already', async () => {
  const command = [process.execPath, '--watch', fixture, 'none', '{}'];
  const app = runCommand(command, { prefix: onTerminal });
  const reply = slowRequest(app);
  await app.saw(/begun/);
  app.child.stdin?.write(keys.interrupt);
  expect(await reply).toBe('whole');
  await app.ended;
  expect(app.stdout()).toContain('hook');
});
