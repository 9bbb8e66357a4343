import { describe, expect, it } from 'vitest';
import { createLog } from '../../../shim/log.ts';
import { run } from '../../../shim/run.ts';
import { type SignalName, signalNamed } from '../../../shim/signals.ts';
import { parseCommandLine } from '../../../src/command-line/command-line.ts';
import { heedSwitch, readSettings } from '../../../src/command-line/settings.ts';
import { BecameProgram, createMemoryHost, type MemoryHost, type MemoryHostOptions } from '../../helpers/memory-host.ts';
import { serveSidecar } from '../../helpers/memory-network.ts';

const kubernetes = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };

/** Runs `app` with these flags. In text, the log is a line each. */
function start(host: MemoryHost, ...flags: string[]): Promise<number> {
  const line = parseCommandLine([...flags, '--log-format', 'text', '--', 'app', 'x']);
  if (line.kind !== 'command') throw new Error(line.kind);
  const read = readSettings(line.flags, host.env);
  const log = createLog(host, read.settings);
  return Promise.race([run(host, line.app, heedSwitch(read, log.info), log), host.replaced]);
}

function createWorld(options: MemoryHostOptions = {}, sidecar: 'istio' | 'envoy' | 'none' = 'envoy', state = 'LIVE') {
  const host = createMemoryHost(options);
  if (sidecar !== 'none') serveSidecar(host.transport, sidecar, state);
  const quits = () => host.transport.requests.filter((request) => request.includes(' POST '));
  return { host, quits };
}

const toEnvoy = '127.0.0.1:15000 POST /quitquitquit';
const toAgent = '127.0.0.1:15020 POST /quitquitquit';

describe('becoming the app', () => {
  it('once the sidecar is ready; the log is out, and pending signals are in', async () => {
    const { host, quits } = createWorld();
    const outcome = start(host).catch((error: unknown) => error);
    await host.clock.advance(0);
    const became = (await outcome) as BecameProgram;
    expect(became).toBeInstanceOf(BecameProgram);
    expect(became.launch).toEqual({ path: '/bin/app', argv: ['app', 'x'] });
    expect(host.calls).toEqual(['listen', 'flush', 'exec /bin/app']);
    expect(host.stderr()).toBe('mesh-shim: sidecar ready after 0 ms: LIVE, workers started\n');
    expect(host.transport.open()).toBe(0);
    expect(quits()).toEqual([]);
  });

  it('runs a text without a #! line by the shell, as execvp does, and nothing else', async () => {
    const exec = { kind: 'failure', reason: 'not-executable', code: 'ENOEXEC' } as const;
    const script = createWorld({ exec, files: { '/bin/app': 'echo hello\n' } }).host;
    expect(await start(script)).toBe(126);
    expect(script.calls).toEqual(['listen', 'flush', 'exec /bin/app', 'flush', 'exec /bin/sh']);
    const garbage = createWorld({ exec, files: { '/bin/app': 'a\0b' } }).host;
    expect(await start(garbage)).toBe(126);
    expect(garbage.calls).toEqual(['listen', 'flush', 'exec /bin/app']);
  });

  it.each([
    [
      'ENOENT',
      '#!/bin/sh\r\necho\n',
      'the interpreter of its #! line, "/bin/sh\\r", does not exist or is no program: the file has the line ends of Windows',
    ],
    ['ENOENT', '#! /opt/none x\n', 'the interpreter of its #! line, "/opt/none", does not exist'],
    ['ENOEXEC', '#!\n', 'its #! line names no interpreter'],
    ['ENOEXEC', '\x7fELF', 'built for another architecture, or cut off (ENOEXEC)'],
    ['ETXTBSY', '\x7fELF', 'it is open for writing (ETXTBSY)'],
    ['EPERM', '', 'the kernel refuses it (EPERM): has it file capabilities'],
    ['EAGAIN', '', 'no process can be made (EAGAIN)'],
    ['EIO', '', 'not executable (EIO)'],
  ])('%s of %j', async (code, head, said) => {
    const { host } = createWorld({
      exec: { kind: 'failure', reason: 'not-executable', code },
      files: { '/bin/app': head },
    });
    expect(await start(host)).toBe(126);
    expect(host.stderr()).toContain(`cannot start "app": ${said}`);
  });

  it('a fault of the shim itself is 70, and the sidecar is told all the same', async () => {
    const { host, quits } = createWorld();
    host.examineFile = () => {
      throw new Error('made up');
    };
    expect(await start(host, '--quit', 'always')).toBe(70);
    expect(host.stderr()).toContain('internal error, please report it: made up');
    expect(quits()).toEqual([toEnvoy]);
  });

  it('not when a signal has come after the last look', async () => {
    const { host } = createWorld({ exec: { kind: 'late-signal', signal: signalNamed('SIGTERM') } });
    expect(await start(host)).toBe(143);
    expect(host.stderr()).toContain('mesh-shim: ended by SIGTERM before the app was started');
  });

  it('fails where the system refuses it', async () => {
    const exec = { kind: 'failure', reason: 'not-executable', code: 'ENOEXEC' } as const;
    const { host } = createWorld({ exec });
    expect(await start(host)).toBe(126);
    expect(host.stderr()).toContain('error: cannot start "app": not a program that this machine can run');
  });

  it.each([
    [{ '/bin/app': 'missing' }, 127, 'cannot start "app": not found in PATH; the app has not been started'],
    [{ '/bin/app': 'directory' }, 126, 'cannot start "app": is a directory; the app has not been started'],
    [{ '/bin/app': 'denied' }, 126, 'cannot start "app": not executable (EACCES); the app has not been started'],
  ] as const)('%j: %i', async (kinds, code, message) => {
    const { host, quits } = createWorld({ kinds });
    expect(await start(host, '--quit', 'always')).toBe(code);
    expect(host.stderr()).toContain(`mesh-shim: error: ${message}\n`);
    expect(host.calls).toEqual(['listen']);
    // A sidecar is not to outlive an app that never was.
    expect(quits()).toEqual([toEnvoy]);
  });

  it('a path that is missing is called a file', async () => {
    const { host } = createWorld();
    const { settings } = readSettings(new Map(), host.env);
    const log = createLog(host, { ...settings, logFormat: 'text' });
    expect(await run(host, ['./app'], settings, log)).toBe(127);
    expect(host.stderr()).toContain('cannot start "./app": no such file');
  });

  const staying = ['--supervise', '--group', '--group-grace=1s', '--parent-death=KILL', '--subreaper'];
  it.each([...staying, '--quit=always', '--quit=on-success'])('not with %s: it stays beside it', async (flag) => {
    const { host } = createWorld({ shortcomings: ['this machine has no legs'] });
    const code = start(host, flag);
    await host.clock.advance(0);
    expect(host.calls).toEqual(['listen', 'spawn /bin/app']);
    const [child] = host.children;
    expect(child?.launch).toEqual({ path: '/bin/app', argv: ['app', 'x'] });
    expect(child?.options).toEqual({
      ...{ ownGroup: true, group: flag.startsWith('--group'), subreaper: flag === '--subreaper' },
      parentDeath: flag === '--parent-death=KILL' ? signalNamed('SIGKILL') : undefined,
    });
    child?.end({ code: 5 });
    expect(await code).toBe(5);
    expect(host.stderr()).toContain('mesh-shim: warn: this machine has no legs\n');
    expect(host.stderr()).not.toContain('staying');
  });

  describe('--group-grace: what the app leaves behind in its group', () => {
    const startLeaving = async (leavesGroup: SignalName | undefined) => {
      const { host } = createWorld(leavesGroup ? { leavesGroup } : {});
      const code = start(host, '--group-grace', '2s');
      await host.clock.advance(0);
      return { host, code, end: () => host.children[0]?.end({ code: 5 }), sent: () => host.children[0]?.sent };
    };

    it('is told, and waited for', async () => {
      const { host, code, end, sent } = await startLeaving('SIGTERM');
      end();
      await host.clock.advance(20);
      expect(await code).toBe(5);
      expect(sent()).toEqual(['SIGTERM to the group']);
      expect(host.stderr()).toContain('left processes in its group: they get SIGTERM');
    });

    it('is killed when it does not go', async () => {
      const { host, code, end, sent } = await startLeaving('SIGKILL');
      end();
      await host.clock.advance(1_999);
      expect(sent()).toEqual(['SIGTERM to the group']);
      await host.clock.advance(1);
      expect(await code).toBe(5);
      expect(sent()).toEqual(['SIGTERM to the group', 'SIGKILL to the group']);
      expect(host.stderr()).toContain(
        "warn: processes of the app's group are still there after 2.0 s: they get SIGKILL",
      );
    });

    it('gets no second SIGTERM', async () => {
      const { host, code, end, sent } = await startLeaving('SIGKILL');
      host.raise('SIGTERM');
      end();
      await host.clock.advance(2_000);
      expect(await code).toBe(5);
      expect(sent()).toEqual(['SIGTERM', 'SIGKILL to the group']);
    });

    it('nothing: no word', async () => {
      const { host, code, end, sent } = await startLeaving(undefined);
      end();
      expect(await code).toBe(5);
      expect(sent()).toEqual([]);
      expect(host.stderr()).not.toContain('group');
    });
  });

  it.each([
    [['--quit', 'always'], '/init', true],
    [[], '/init', false],
    [['--supervise'], '/bin/app', false],
  ])('%j and %s: a program that must be PID 1 is warned of: %s', async (flags, path, warns) => {
    const { host } = createWorld({ kinds: { [path]: 'program' } });
    const line = parseCommandLine([...flags, '--log-format', 'text', '--', path]);
    if (line.kind !== 'command') throw new Error(line.kind);
    const { settings } = readSettings(line.flags, host.env);
    const outcome = Promise.race([run(host, line.app, settings, createLog(host, settings)), host.replaced]);
    outcome.catch(() => {});
    await host.clock.advance(0);
    expect(host.stderr().includes('warn: /init may insist on being PID 1')).toBe(warns);
  });

  it('where the machine cannot, it stays, and says so', async () => {
    const { host } = createWorld({ exec: 'none' });
    const code = start(host);
    await host.clock.advance(0);
    host.children[0]?.end({ signal: signalNamed('SIGKILL') });
    expect(await code).toBe(137);
    expect(host.stderr()).toContain('mesh-shim: staying as the parent of the app: this Node cannot be replaced by it');
  });

  it('what cannot be spawned has its reason and code', async () => {
    const spawn = { kind: 'failure', reason: 'not-found', code: 'ENOENT' } as const;
    const { host, quits } = createWorld({ spawn });
    expect(await start(host, '--quit', 'always')).toBe(127);
    expect(host.stderr()).toContain('cannot start "app": not found in PATH');
    expect(quits()).toEqual([toEnvoy]);
  });
});

describe('a wait that runs out', () => {
  const late = async (...flags: string[]) => {
    const { host, quits } = createWorld({ env: kubernetes }, 'envoy', 'INITIALIZING');
    const code = start(host, '--timeout', '1s', ...flags).catch((error: unknown) => error);
    await host.clock.advance(1_000);
    return { host, quits, code };
  };

  it('is 69, and the app is not started', async () => {
    const { host, code, quits } = await late();
    expect(await code).toBe(69);
    expect(host.calls).toEqual(['listen']);
    expect(host.stderr()).toMatch(
      /mesh-shim: error: sidecar not ready in time: waited 1\.0 s, \d+ probes, last: the sidecar is INITIALIZING; can the proxy reach its control plane\?/,
    );
    expect(quits()).toEqual([]);
  });

  it.each([
    [['--on-timeout', 'start'], /mesh-shim: warn: sidecar not ready in time: .*; starting all the same\n$/],
    [['--mode', 'optional'], /mesh-shim: sidecar not ready in time: .*; starting without it \(mode optional\)\n$/],
    [['--mode', 'optional', '--on-timeout', 'start'], /starting without it \(mode optional\)\n$/],
  ])('%j starts it all the same', async (flags, message) => {
    const { host, code } = await late(...flags);
    expect(await code).toBeInstanceOf(BecameProgram);
    expect(host.stderr()).toMatch(message);
  });

  it('tells whoever is there to quit, the agent first: nobody knows what the sidecar is', async () => {
    const { code, quits } = await late('--quit', 'always');
    expect(await code).toBe(69);
    // Nothing listens at the agent's address, so nothing is sent there.
    expect(quits()).toEqual([toEnvoy]);
  });

  it('tells an agent that is there, and it alone', async () => {
    const { host, quits } = createWorld({ env: kubernetes }, 'istio', 'INITIALIZING');
    const code = start(host, '--timeout', '1s', '--quit', 'always');
    await host.clock.advance(1_000);
    expect(await code).toBe(69);
    expect(quits()).toEqual([toAgent]);
  });
});

describe('the log as JSON', () => {
  /** The records, without what each has. */
  const records = (host: MemoryHost) =>
    host
      .stderr()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .map(({ level, msg, subject, waitedMs, probes }) => ({ level, msg, subject, waitedMs, probes }));

  const startAsJson = (host: MemoryHost, ...flags: string[]) => {
    const line = parseCommandLine([...flags, '--', 'app']);
    if (line.kind !== 'command') throw new Error(line.kind);
    const { settings } = readSettings(line.flags, host.env);
    const running = run(host, line.app, settings, createLog(host, settings));
    return Promise.race([running, host.replaced]).catch((error: unknown) => error);
  };

  it('has the figures of each step', async () => {
    const { host } = createWorld({ env: kubernetes }, 'envoy', 'INITIALIZING');
    const ended = startAsJson(host, '--log-level', 'debug', '--interval', '10.4ms');
    await host.clock.advance(100);
    serveSidecar(host.transport, 'envoy');
    await host.clock.advance(10);
    await ended;
    const figures = { waitedMs: 104, probes: 12 };
    expect(records(host)).toEqual([
      { level: 30, msg: expect.stringMatching(/^waiting for/), subject: 'sidecar', waitedMs: 0, probes: 1 },
      { level: 20, msg: expect.stringMatching(/^sidecar is ready/), subject: 'sidecar', ...figures },
      { level: 30, msg: expect.stringMatching(/^sidecar ready after 104 ms/), ...figures },
    ]);
  });

  it('of what was not waited for, and of what ran out', async () => {
    const absent = createMemoryHost();
    await startAsJson(absent);
    expect(records(absent)).toEqual([
      { level: 30, msg: expect.stringMatching(/^not waiting/), waitedMs: 0, probes: 2 },
    ]);
    const { host } = createWorld({ env: kubernetes }, 'envoy', 'INITIALIZING');
    const ended = startAsJson(host, '--timeout', '20.4ms');
    await host.clock.advance(21);
    expect(await ended).toBe(69);
    expect(records(host)[1]).toEqual({ level: 50, msg: expect.stringContaining('not ready'), waitedMs: 20, probes: 3 });
  });
});

describe('the quit', () => {
  const finish = async (how: number, sidecar: 'istio' | 'envoy' | 'none', ...flags: string[]) => {
    const { host, quits } = createWorld({}, sidecar);
    const code = start(host, '--supervise', ...flags);
    await host.clock.advance(0);
    expect(quits()).toEqual([]);
    host.children[0]?.end({ code: how });
    await host.clock.advance(10_000);
    expect(await code).toBe(how);
    expect(host.clock.pending()).toBe(0);
    return { host, quits: quits() };
  };

  it.each([
    ['never', 0, false],
    ['never', 1, false],
    ['always', 0, true],
    ['always', 1, true],
    ['on-success', 0, true],
    ['on-success', 1, false],
  ])('--quit %s, exit code %i: %s', async (quit, how, isSent) => {
    const { quits, host } = await finish(how, 'envoy', '--quit', quit);
    expect(quits).toEqual(isSent ? [toEnvoy] : []);
    expect(host.stderr().includes('told the sidecar to quit: http://localhost:15000/quitquitquit says 200')).toBe(
      isSent,
    );
  });

  it("goes to Istio's agent, not to the Envoy that it would start again", async () => {
    expect((await finish(0, 'istio', '--quit', 'always')).quits).toEqual([toAgent]);
  });

  it("goes to a plain Envoy alone, whatever listens at the port of Istio's agent", async () => {
    const { host, quits } = createWorld();
    host.transport.serve('127.0.0.1:15020', () => 200);
    const code = start(host, '--quit', 'always');
    await host.clock.advance(0);
    host.children[0]?.end({ code: 0 });
    expect(await code).toBe(0);
    expect(quits()).toEqual([toEnvoy]);
  });

  it('goes to nobody where the wait has found no sidecar', async () => {
    const host = createMemoryHost();
    // Something else listens there: what is not a sidecar must not be told to quit.
    serveSidecar(host.transport, 'istio');
    host.transport.stop('127.0.0.1:15000');
    host.transport.stop('127.0.0.1:15021');
    const code = start(host, '--quit', 'always');
    await host.clock.advance(0);
    host.children[0]?.end({ code: 0 });
    await host.clock.advance(10_000);
    expect(await code).toBe(0);
    expect(host.transport.requests).toEqual([]);
    expect(host.stderr()).toMatch(/^mesh-shim: not waiting: no sidecar: .*\n$/);
  });

  it('goes to a --quit-url whatever the wait has found', async () => {
    const host = createMemoryHost();
    host.transport.serve('10.0.0.9:80', () => 200);
    const code = start(host, '--quit', 'always', '--quit-url', 'http://10.0.0.9/bye?now');
    await host.clock.advance(0);
    host.children[0]?.end({ code: 0 });
    await host.clock.advance(0);
    expect(await code).toBe(0);
    expect(host.transport.requests).toEqual(['10.0.0.9:80 POST /bye?now']);
  });

  it('that nobody takes is a warning, after its limit', async () => {
    const { host } = createWorld();
    const code = start(host, '--quit', 'always', '--quit-timeout', '300ms');
    await host.clock.advance(0);
    host.transport.stop('127.0.0.1:15000');
    host.children[0]?.end({ code: 0 });
    await host.clock.advance(299);
    host.raise('SIGTERM');
    await host.clock.advance(0);
    expect(host.stderr()).not.toContain('could not be told');
    await host.clock.advance(1);
    expect(await code).toBe(0);
    expect(host.stderr()).toContain('mesh-shim: warn: the sidecar could not be told to quit in time and may stay: ');
  });

  it('without a limit ends by a signal, and stops with the terminal', async () => {
    const { host } = createWorld();
    const code = start(host, '--quit', 'always', '--quit-timeout', '0');
    await host.clock.advance(0);
    host.transport.stop('127.0.0.1:15000');
    host.children[0]?.end({ code: 3 });
    await host.clock.advance(3_600_000);
    host.raise('SIGTSTP');
    host.raise('SIGUSR1');
    expect(host.stops()).toBe(1);
    expect(host.children[0]?.sent).toEqual([]);
    host.raise('SIGTERM');
    await host.clock.advance(0);
    expect(await code).toBe(3);
    expect(host.clock.pending()).toBe(0);
  });
});

describe('signals before the app', () => {
  const ending = [
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGQUIT', 131],
    ['SIGTERM', 143],
  ] as const;

  it.each(ending)('%s during the wait: %i, and whoever is there is told to quit', async (name, code) => {
    const { host, quits } = createWorld({}, 'envoy', 'INITIALIZING');
    const ended = start(host, '--quit', 'always');
    await host.clock.advance(500);
    host.raise(name);
    host.raise('SIGTERM');
    await host.clock.advance(0);
    expect(await ended).toBe(code);
    expect(host.calls).toEqual(['listen']);
    expect(host.stderr()).toContain(`mesh-shim: ended by ${name} before the app was started\n`);
    expect(quits()).toEqual([toEnvoy]);
    expect(host.clock.pending()).toBe(0);
  });

  it('that have come and have not been told yet are let in first', async () => {
    const { host } = createWorld();
    host.raiseUnheard('SIGTERM');
    expect(await start(host)).toBe(143);
    expect(host.calls).toEqual(['listen']);
  });

  it('and once more after the log is out', async () => {
    const { host } = createWorld();
    host.log.flush = async () => host.raiseUnheard('SIGINT');
    expect(await start(host)).toBe(130);
    expect(host.calls).toEqual(['listen']);
  });

  it('that do not end are ignored, and those of the terminal stop it', async () => {
    const { host } = createWorld({}, 'envoy', 'INITIALIZING');
    const ended = start(host, '--log-level', 'debug');
    await host.clock.advance(100);
    host.raise('SIGUSR1');
    expect(host.stderr()).toContain('mesh-shim: debug: SIGUSR1 ignored: the app has not started\n');
    expect(host.stops()).toBe(0);
    for (const name of ['SIGTSTP', 'SIGTTIN', 'SIGTTOU'] as const) host.raise(name);
    expect(host.stops()).toBe(3);
    host.raise('SIGTERM');
    await host.clock.advance(0);
    expect(await ended).toBe(143);
  });

  it('while the child is being made is sent to it: it was meant for it', async () => {
    const { host } = createWorld();
    const release = host.holdSpawn();
    const ended = start(host, '--supervise');
    await host.clock.advance(0);
    expect(host.calls).toEqual(['listen', 'spawn /bin/app']);
    host.raise('SIGTERM');
    await host.clock.advance(0);
    expect(host.children).toEqual([]);
    release();
    await host.clock.advance(0);
    expect(host.children[0]?.sent).toEqual(['SIGTERM']);
    host.children[0]?.end({ signal: signalNamed('SIGTERM') });
    expect(await ended).toBe(143);
  });
});

describe('signals beside the app', () => {
  const beside = async (options: MemoryHostOptions = {}, ...flags: string[]) => {
    const { host } = createWorld(options);
    const ended = start(host, '--supervise', ...flags);
    await host.clock.advance(0);
    const [child] = host.children;
    if (!child) throw new Error('no child');
    return { host, child, ended };
  };

  it('are handed on, each once, and end nothing by themselves', async () => {
    const { host, child, ended } = await beside();
    const names: SignalName[] = ['SIGTERM', 'SIGUSR1', 'SIGWINCH', 'SIGTERM'];
    for (const name of names) host.raise(name);
    expect(child.sent).toEqual(names);
    expect(host.stops()).toBe(0);
    child.end({ code: 7 });
    expect(await ended).toBe(7);
  });

  it('without a terminal the app has a group of its own: what was sent to the group of the shim reaches it once', async () => {
    const { child } = await beside();
    expect(child.options).toMatchObject({ ownGroup: true, group: false });
    expect((await beside({ isTerminal: true })).child.options).toMatchObject({ ownGroup: false, group: false });
    expect((await beside({ isTerminal: true }, '--group')).child.options).toMatchObject({
      ownGroup: true,
      group: true,
    });
  });

  it('that the terminal has given to the app already are not sent twice', async () => {
    const { host, child } = await beside({ isTerminal: true });
    host.raise('SIGINT', true);
    expect(child.sent).toEqual([]);
    host.raise('SIGTSTP', true);
    expect(host.stops()).toBe(1);
  });

  it('go to an app in a group of its own, which no terminal reaches', async () => {
    const { host, child } = await beside({}, '--group');
    host.raise('SIGINT', true);
    host.raise('SIGTSTP', true);
    expect(child.sent).toEqual(['SIGINT', 'SIGTSTP']);
    expect(host.stops()).toBe(1);
  });
});

describe('switched off', () => {
  it('nobody is asked, nobody is told, and the reason is said', async () => {
    const { host } = createWorld({ env: { MESH_SHIM_DISABLED: 'no mesh here' } });
    const flags = [
      '--quit',
      'always',
      '--quit-url',
      'http://10.0.0.9/',
      '--wait-for',
      'tcp://db:1',
      '--mode',
      'required',
    ];
    await expect(start(host, ...flags)).rejects.toBeInstanceOf(BecameProgram);
    expect(host.transport.requests).toEqual([]);
    expect(host.stderr()).toBe('mesh-shim: switched off: no mesh here\n');
  });
});
