import type { Settings } from '../src/command-line/option-values.ts';
import { findProgram } from './find-program.ts';
import type { Host, Launch, LaunchFailure, LaunchOptions } from './host.ts';
import { adviceForInit, mustBePid1 } from './init-programs.ts';
import { exitCodeOfSignal } from './interruption.ts';
import { reportLaunchFailure } from './launch-failure.ts';
import type { Log } from './log.ts';
import { readProgramFile } from './program-file.ts';
import { type Signal, signalNamed } from './signals.ts';
import { type HandOver, superviseApp } from './supervise.ts';

/** Becomes the app, or stays beside it until it ends. Resolves with the exit code, also where the app has not started. */
export async function startApp(
  host: Host,
  [command = '', ...args]: readonly string[],
  settings: Settings,
  log: Log,
  handOver: HandOver,
): Promise<number> {
  const endBy = (signal: Signal): number => {
    log.info(`ended by ${signal.name} before the app was started`);
    return exitCodeOfSignal(signal);
  };
  /** A signal that has come until now still finds no app: it must not be lost between two listeners. */
  const endedBefore = async (): Promise<number | undefined> => {
    await host.signals.settle();
    const signal = handOver.before.endedBy();
    return signal && endBy(signal);
  };

  const become = async (program: Launch): Promise<number | LaunchFailure> => {
    // Before the last look at the signals: nothing that takes time may come between it and the exec.
    const refusal = host.foreseeRefusal?.(program);
    if (refusal) return refusal;
    await host.log.flush();
    const ended = await endedBefore();
    if (ended !== undefined) return ended;
    const outcome = (host.exec as NonNullable<Host['exec']>)(program);
    return outcome.kind === 'late-signal' ? endBy(outcome.signal) : outcome;
  };
  const startBeside = async (program: Launch): Promise<number | LaunchFailure> => {
    const options = launchOptions(settings, host);
    for (const shortcoming of host.shortcomings(options)) log.warn(shortcoming);
    if (host.pid === 1 && mustBePid1(program.path)) log.warn(adviceForInit(program.path));
    return superviseApp(host, program, options, handOver);
  };

  const ended = await endedBefore();
  if (ended !== undefined) return ended;
  const launch = findProgram(command, args, host.env.get('PATH'), host.examineFile);
  if ('reason' in launch) return reportLaunchFailure(launch, command, log);

  const stays = staysBeside(settings);
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

function staysBeside({ quit, supervise, group, groupGraceMs, parentDeath, subreaper }: Settings): boolean {
  return quit !== 'never' || supervise || group || groupGraceMs !== undefined || parentDeath !== undefined || subreaper;
}

function launchOptions(
  { group, groupGraceMs, parentDeath, subreaper }: Settings,
  { hasTerminal }: Pick<Host, 'hasTerminal'>,
): LaunchOptions {
  const asGroup = group || groupGraceMs !== undefined;
  return {
    ownGroup: asGroup || !hasTerminal(),
    group: asGroup,
    subreaper,
    parentDeath: parentDeath && signalNamed(`SIG${parentDeath}`),
  };
}
