import type { Settings } from '../src/command-line/options.ts';
import { findProgram } from './find-program.ts';
import type { Host } from './host.ts';
import { exitCodeOfSignal } from './interruption.ts';
import { reportLaunchFailure } from './launch-failure.ts';
import type { Log } from './log.ts';
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

  const ended = await endedBefore();
  if (ended !== undefined) return ended;
  const launch = findProgram(command, args, host.env.get('PATH'), host.examineFile);
  if ('reason' in launch) return reportLaunchFailure(launch, command, log);

  const stays = quit !== 'never' || supervise || group || subreaper;
  if (!stays && host.exec) {
    await host.log.flush();
    return (await endedBefore()) ?? reportLaunchFailure(host.exec(launch), command, log);
  }
  if (!stays) log.info('staying as the parent of the app: this Node cannot be replaced by it (22.15 and later can)');
  const options = { group, subreaper };
  for (const shortcoming of host.shortcomings(options)) log.warn(shortcoming);
  const outcome = await superviseApp(host, launch, options, handOver);
  return typeof outcome === 'number' ? outcome : reportLaunchFailure(outcome, command, log);
}
