import type { Settings } from '../src/command-line/option-values.ts';
import { findProgram } from './find-program.ts';
import type { Host, Launch, LaunchFailure } from './host.ts';
import { exitCodeOfSignal } from './interruption.ts';
import { reportLaunchFailure } from './launch-failure.ts';
import type { Log } from './log.ts';
import { readProgramFile } from './program-file.ts';
import { type HandOver, superviseApp } from './supervise.ts';

/** Becomes the app, or stays beside it until it ends. Resolves with the exit code, also where the app has not started. */
export async function startApp(
  host: Host,
  [command = '', ...args]: readonly string[],
  { group, subreaper, supervise, quit }: Settings,
  log: Log,
  handOver: HandOver,
): Promise<number> {
  /** A signal that has come until now still finds no app: it must not be lost between two listeners. */
  const endedBefore = async (): Promise<number | undefined> => {
    await host.signals.settle();
    const signal = handOver.before.endedBy();
    if (!signal) return undefined;
    log.info(`ended by ${signal.name} before the app was started`);
    return exitCodeOfSignal(signal);
  };

  const become = async (program: Launch): Promise<number | LaunchFailure> => {
    // Before the last look at the signals: nothing that takes time may come between it and the exec.
    const refusal = host.foreseeRefusal?.(program);
    if (refusal) return refusal;
    await host.log.flush();
    return (await endedBefore()) ?? (host.exec as NonNullable<Host['exec']>)(program);
  };
  const startBeside = async (program: Launch): Promise<number | LaunchFailure> => {
    const options = { ownGroup: group || !host.hasTerminal(), group, subreaper };
    for (const shortcoming of host.shortcomings(options)) log.warn(shortcoming);
    return superviseApp(host, program, options, handOver);
  };

  const ended = await endedBefore();
  if (ended !== undefined) return ended;
  const launch = findProgram(command, args, host.env.get('PATH'), host.examineFile);
  if ('reason' in launch) return reportLaunchFailure(launch, command, log);

  const stays = quit !== 'never' || supervise || group || subreaper;
  const start = stays || !host.exec ? startBeside : become;
  if (!stays && !host.exec) {
    log.info('staying as the parent of the app: this Node cannot be replaced by it (22.15 and later can)');
  }
  const outcome = await start(launch);
  if (typeof outcome === 'number') return outcome;
  const shell = asShellScript(launch, outcome, host);
  const second = shell ? await start(shell) : outcome;
  return typeof second === 'number' ? second : reportLaunchFailure(second, command, log, { launch, host });
}

/** What has no `#!` line is a script for /bin/sh, as execvp(3) has it; not so a program that was cut off, or garbage. */
function asShellScript(launch: Launch, { code }: LaunchFailure, host: Pick<Host, 'readHead'>): Launch | undefined {
  const isText = code === 'ENOEXEC' && readProgramFile(host.readHead(launch.path) ?? '').kind === 'text';
  return isText ? { path: '/bin/sh', argv: ['/bin/sh', launch.path, ...launch.argv.slice(1)] } : undefined;
}
