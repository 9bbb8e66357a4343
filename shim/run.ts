import { createAsker } from '../src/mesh/ask/asker.ts';
import { createCancelSource } from '../src/mesh/ask/cancel.ts';
import type { ServerInfo } from '../src/mesh/ask/server-info.ts';
import { exitCodes } from './exit-codes.ts';
import { findProgram } from './find-program.ts';
import type { Child, Host, Launch, LaunchFailure, ReceivedSignal } from './host.ts';
import type { Log } from './log.ts';
import { quitTargets, tellToQuit } from './quit.ts';
import type { ReadSettings } from './settings.ts';
import { endingSignals, isOneOf, stoppingSignals } from './signals.ts';
import { exitCodeOf, handOn } from './supervise.ts';
import { waitForMesh } from './wait.ts';

/** The main job: wait, become the app or stay beside it, let the sidecar go. Resolves with the exit code. */
export async function run(host: Host, app: readonly string[], read: ReadSettings, log: Log): Promise<number> {
  const { settings, disabled } = read;
  const asker = createAsker(host.transport, host.clock);
  const waiting = createCancelSource();
  const quitting = createCancelSource();
  let child: Child | undefined;
  let endedBy: ReceivedSignal['signal'] | undefined;
  let phase: 'waiting' | 'app' | 'quitting' = 'waiting';

  // Before the wait: PID 1 ignores every signal that it has no handler for.
  host.signals.listen((received) => {
    const ends = isOneOf(received.signal, endingSignals);
    if (child) handOn(received, child, host, settings.group);
    else if (isOneOf(received.signal, stoppingSignals)) host.stopSelf();
    else if (phase === 'quitting') {
      if (ends && settings.quitTimeoutMs === 0) quitting.cancel();
    } else if (ends) {
      endedBy ??= received.signal;
      waiting.cancel();
    } else log.debug(`${received.signal.name} ignored: the app has not started`);
  });

  let serverInfo: ServerInfo | undefined;
  let sidecarIsThere = true;
  const end = async (code: number): Promise<number> => {
    phase = 'quitting';
    const wanted = settings.quit === 'always' || (settings.quit === 'on-success' && code === 0);
    const targets = wanted && disabled === undefined && sidecarIsThere ? quitTargets(settings, serverInfo) : [];
    await tellToQuit(targets, {
      asker,
      clock: host.clock,
      log,
      timeoutMs: settings.quitTimeoutMs,
      signal: quitting.signal,
    });
    return code;
  };
  const endBySignal = (): Promise<number> => {
    log.info(`ended by ${endedBy?.name} before the app was started`);
    return end(exitCodes.signalBase.code + (endedBy?.number ?? 0));
  };

  if (disabled === undefined) {
    const outcome = await waitForMesh(host, settings, asker, log, waiting.signal);
    if (outcome.kind === 'ready') {
      serverInfo = outcome.sidecars.find((sidecar) => sidecar.serverInfo)?.serverInfo;
      sidecarIsThere = outcome.sidecars.length > 0 || settings.quitUrl.length > 0;
    }
    const startsLate = settings.onTimeout === 'start' || settings.mode === 'optional';
    if (outcome.kind === 'timed-out' && !startsLate) return await end(exitCodes.timedOut.code);
  } else log.info(`switched off: ${disabled}`);
  asker.close();

  // A signal that has come until here still finds no app: it must not be lost between two listeners.
  await host.signals.settle();
  if (endedBy) return await endBySignal();

  const launch = findProgram(app[0] as string, app.slice(1), host.env.get('PATH'), host.examineFile);
  if ('reason' in launch) return await end(reportFailure(launch, app[0] as string, log));

  const options = { group: settings.group, subreaper: settings.subreaper };
  const quits = settings.quit !== 'never' && disabled === undefined;
  const stays = quits || settings.supervise || settings.group || settings.subreaper;
  if (!stays && host.exec) {
    await host.log.flush();
    await host.signals.settle();
    if (endedBy) return await endBySignal();
    return await end(reportFailure(host.exec(launch), app[0] as string, log));
  }
  if (!stays) log.info('staying as the parent of the app: this Node cannot be replaced by it (22.15 and later can)');
  for (const shortcoming of host.shortcomings(options)) log.warn(shortcoming);
  const code = await superviseApp(host, launch);
  return await end(code);

  async function superviseApp(machine: Host, program: Launch): Promise<number> {
    phase = 'app';
    const spawned = await machine.spawn(program, options);
    if (spawned.kind === 'failure') return reportFailure(spawned, app[0] as string, log);
    child = spawned;
    // What came while the child was being made was meant for it.
    if (endedBy) child.send(endedBy);
    const exitCode = await exitCodeOf(spawned);
    child = undefined;
    return exitCode;
  }
}

function reportFailure({ reason, code }: LaunchFailure, command: string, log: Log): number {
  const name = JSON.stringify(command);
  if (reason === 'not-found') {
    const where = command.includes('/') ? 'no such file' : 'not found in PATH';
    log.error(`cannot start ${name}: ${where}; the app has not been started`);
    return exitCodes.notFound.code;
  }
  const why =
    code === 'EISDIR'
      ? 'is a directory'
      : code === 'ENOEXEC'
        ? 'not a program that this machine can run (no #! line, or built for another architecture)'
        : `not executable (${code})`;
  log.error(`cannot start ${name}: ${why}; the app has not been started`);
  return exitCodes.notExecutable.code;
}
