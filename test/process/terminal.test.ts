import { describe, expect, test } from 'vitest';
import { builds } from '../helpers/builds.ts';
import { keys, onTerminal, statOf } from '../helpers/on-terminal.ts';
import { type Running, runCommand, runShim, signalApp } from '../helpers/run-shim.ts';
import { startStandInSidecar } from '../helpers/stand-in-sidecar.ts';
import { until } from '../helpers/until.ts';

const readyPattern = /ready \(pid: (\d+)\)/;
const appPid = async (run: Running): Promise<number> => Number((await run.saw(readyPattern))[1]);
const type = (run: Running, text: string): void => void run.child.stdin?.write(text);
const count = (run: Running, text: string): number => run.stdout().split(text).length - 1;
const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');

describe.each(builds)('at a terminal: $name', (build) => {
  describe.each([
    ['replaced', []],
    ['supervised', ['--supervise']],
  ])('%s', (_, flags) => {
    test('the app has the terminal as if the shim were not there', async () => {
      const { url } = await startStandInSidecar();
      // Its own group is the foreground's: `stty` would be stopped otherwise.
      const look =
        'tty; stty -a; stty rows 33; stty size; for fd in 0 1 2; do grep flags /proc/$$/fdinfo/$fd; done; ' +
        'set -- $(cat /proc/$$/stat); [ "$5" = "$8" ] && echo "in the foreground"; exit 6';
      const bare = runCommand(['sh', '-c', look], { prefix: onTerminal });
      const wrapped = runShim(build, ['--admin-url', url, '--log-level', 'warn', ...flags, '--', 'sh', '-c', look], {
        prefix: onTerminal,
      });
      expect(await bare.ended).toEqual({ code: 6, signal: null });
      expect(await wrapped.ended).toEqual({ code: 6, signal: null });
      const comparable = (text: string) => text.replace(/^\/dev\/pts\/\d+/, '/dev/pts/N');
      expect(comparable(wrapped.stdout())).toBe(comparable(bare.stdout()));
      expect(wrapped.stdout()).toContain('in the foreground');
    });

    test('Ctrl-C reaches the app once, not twice', async () => {
      const { url } = await startStandInSidecar();
      const run = runShim(build, ['--admin-url', url, ...flags, '--', ...signalApp()], { prefix: onTerminal });
      const pid = await appPid(run);
      for (let presses = 1; presses <= 3; presses++) {
        type(run, keys.interrupt);
        await until(`press ${presses}`, () => count(run, 'got SIGINT') >= presses);
      }
      type(run, keys.quit);
      await run.saw(/got SIGQUIT/);
      // Whatever the shim hands on has been handed on when this arrives, which came to it later.
      const { parent, group } = statOf(pid);
      process.kill(flags.length > 0 ? parent : pid, 'SIGTERM');
      expect(await run.ended).toEqual({ code: 0, signal: null });
      expect(count(run, 'got SIGINT')).toBe(3);
      expect(count(run, 'got SIGQUIT')).toBe(1);
      if (flags.length > 0) expect(group).toBe(parent);
      else expect(group).toBe(pid);
    });

    test('Ctrl-Z stops the job, fg lets it go on', async () => {
      const { url } = await startStandInSidecar();
      const run = runCommand(['bash', '--norc', '--noprofile', '-i'], { prefix: onTerminal, env: { PS1: '$ ' } });
      type(run, `${quoted([...build.command, '--admin-url', url, ...flags, '--', ...signalApp()])}\n`);
      const pid = await appPid(run);
      const { parent, group, foreground } = statOf(pid);
      expect(foreground).toBe(group);
      const job = flags.length > 0 ? [pid, parent] : [pid];
      type(run, keys.suspend);
      await until('the whole job to be stopped', () => job.every((member) => statOf(member).state === 'T'));
      await run.saw(/Stopped/);
      type(run, 'fg\n');
      await run.saw(/got SIGCONT/);
      await until('the job to run', () => job.every((member) => statOf(member).state !== 'T'));
      process.kill(job.at(-1) as number, 'SIGTERM');
      await run.saw(/got SIGTERM/);
      type(run, 'exit 4\n');
      expect(await run.ended).toEqual({ code: 4, signal: null });
    });
  });

  test('Ctrl-C during the wait ends with 130', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const run = runShim(build, ['--admin-url', sidecar.url, '--', 'true'], { prefix: onTerminal });
    await run.saw(/waiting for/);
    type(run, keys.interrupt);
    expect(await run.ended).toEqual({ code: 130, signal: null });
    // For people, not for machines.
    expect(run.stdout()).toMatch(/^mesh-shim: waiting for sidecar/m);
  });

  test('Ctrl-Z during the wait stops the job, fg lets it go on', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.state = 'INITIALIZING';
    const run = runCommand(['bash', '--norc', '--noprofile', '-i'], { prefix: onTerminal, env: { PS1: '$ ' } });
    type(run, `${quoted([...build.command, '--admin-url', sidecar.url, '--', 'sh', '-c', 'echo it" "runs'])}\n`);
    await run.saw(/waiting for/);
    type(run, keys.suspend);
    await run.saw(/Stopped/);
    sidecar.state = 'LIVE';
    type(run, 'fg\n');
    await run.saw(/it runs/);
    type(run, 'exit 4\n');
    expect(await run.ended).toEqual({ code: 4, signal: null });
  });

  test('--group: the app has a group of its own, and Ctrl-C reaches all of it once', async () => {
    const { url } = await startStandInSidecar();
    const app = ['sh', '-c', 'trap "" INT; "$@" & echo "leader $$"; wait', 'sh', ...signalApp()];
    const run = runShim(build, ['--admin-url', url, '--group', '--', ...app], { prefix: onTerminal });
    const pid = await appPid(run);
    const leader = Number((await run.saw(/leader (\d+)/))[1]);
    expect(statOf(pid).group).toBe(leader);
    type(run, keys.interrupt);
    await run.saw(/got SIGINT/);
    process.kill(statOf(leader).parent, 'SIGUSR2');
    await run.saw(/got SIGUSR2/);
    expect(count(run, 'got SIGINT')).toBe(1);
    process.kill(pid, 'SIGTERM');
    await run.ended;
  });

  const { lendsTerminal } = build.abilities;

  test('--group: the terminal goes to the app, and back to the shim', async () => {
    const sidecar = await startStandInSidecar();
    sidecar.quitAnswers = ['hang'];
    const flags = ['--group', '--quit', 'always', '--quit-timeout', '0'];
    const run = runShim(build, ['--admin-url', sidecar.url, ...flags, '--', ...signalApp('patient')], {
      prefix: onTerminal,
    });
    const pid = await appPid(run);
    const app = statOf(pid);
    const shim = statOf(app.parent);
    expect(app.group).toBe(pid);
    expect(app.session === shim.session).toBe(lendsTerminal);
    expect(shim.foreground).toBe(lendsTerminal ? app.group : shim.group);
    process.kill(pid, 'SIGUSR2');
    await sidecar.asked(({ path }) => path === '/quitquitquit');
    expect(statOf(app.parent).foreground).toBe(shim.group);
    type(run, keys.interrupt);
    expect(await run.ended).toEqual({ code: 7, signal: null });
  });

  test("--group: Ctrl-Z stops the job, fg lets it go on; the terminal is the shell's meanwhile", async () => {
    const { url } = await startStandInSidecar();
    const run = runCommand(['bash', '--norc', '--noprofile', '-i'], { prefix: onTerminal, env: { PS1: '$ ' } });
    type(run, `${quoted([...build.command, '--admin-url', url, '--group', '--', ...signalApp()])}\n`);
    const pid = await appPid(run);
    const shim = statOf(pid).parent;
    const owner = statOf(shim).foreground;
    const shell = statOf(statOf(shim).parent);
    for (let times = 1; times <= 2; times++) {
      type(run, keys.suspend);
      await until('the shim to be stopped', () => statOf(shim).state === 'T');
      await until('the shell to have the terminal', () => statOf(shim).foreground === shell.group);
      expect(statOf(pid).state === 'T').toBe(lendsTerminal);
      type(run, 'fg\n');
      await until('the app to be told', () => count(run, 'got SIGCONT') >= times);
      await until('the job to run', () => [shim, pid].every((member) => statOf(member).state !== 'T'));
      await until('the terminal to be lent again', () => statOf(shim).foreground === owner);
    }
    process.kill(pid, 'SIGTERM');
    await run.saw(/got SIGTERM/);
    type(run, 'exit 4\n');
    expect(await run.ended).toEqual({ code: 4, signal: null });
    expect(count(run, 'Stopped')).toBe(2);
  });
});
