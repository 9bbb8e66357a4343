import type { Settings } from '../src/command-line/option-values.ts';
import { createAsker } from '../src/mesh/ask/asker.ts';
import { createCancelSource } from '../src/mesh/ask/cancel.ts';
import type { QuitTarget } from '../src/mesh/quit/quit-target.ts';
import { endGroup } from './end-group.ts';
import type { Host, Rested } from './host.ts';
import { createInterruption } from './interruption.ts';
import type { Log } from './log.ts';
import { quitTargets, readQuitHeader, tellAllToQuit } from './quit.ts';
import { reportFault } from './report-fault.ts';
import { startApp } from './start-app.ts';
import { type Beside, type Stay, stayBeside } from './stay-beside.ts';
import { type SidecarsFound, waitAsSet } from './wait.ts';

/**
 * The main job: wait, become the app or stay beside it, let the sidecar go; after a rest, from there on. Resolves with the
 * exit code.
 */
export async function run(host: Host, app: readonly string[], settings: Settings, log: Log): Promise<number> {
  const { quit, quitTimeoutMs, groupGraceMs, terminationLog } = settings;
  const asker = createAsker(host.transport, host.clock);
  const before = createInterruption(host, ({ name }) => log.debug(`${name} ignored: the app has not started`));
  let hear = before.hear;
  // Before the wait: PID 1 ignores every signal that it has no handler for.
  host.signals.listen((received) => hear(received));

  const beside: Beside = {
    setListener(listener) {
      hear = listener;
    },
    async afterEnd(child, gotTerm) {
      if (groupGraceMs !== undefined) await endGroup(child, { graceMs: groupGraceMs, gotTerm, clock: host.clock, log });
    },
  };
  let found: SidecarsFound = 'unknown';
  const waitAndStart = async (): Promise<number> => {
    const waited = await waitAsSet(host, settings, { asker, log, signal: before.signal });
    asker.close();
    found = waited.found;
    return waited.exitCode ?? (await startApp(host, app, settings, log, { before, found, ...beside }));
  };
  const goOn = async ({ child, memo }: Rested): Promise<number> => {
    const stay = JSON.parse(memo) as Stay;
    found = stay.found;
    return stayBeside(host, child, stay, beside);
  };
  // Whatever goes wrong, a fault of this program's own too: the sidecar is told all the same, or a Job would never end.
  const code = await (host.rested ? goOn(host.rested) : waitAndStart()).catch((error: unknown) =>
    reportFault(error, host, () => terminationLog),
  );

  const quitting = createInterruption(host);
  hear = quitting.hear;
  const isWanted = quit === 'always' || (quit === 'on-success' && code === 0);
  const read = (name: string): string | undefined => host.env.get(name);
  const targets = (): QuitTarget[] =>
    quitTargets(settings, read, { found, header: readQuitHeader(settings, host, log) });
  await tellAllToQuit(isWanted ? targets() : [], {
    asker,
    clock: host.clock,
    log,
    timeoutMs: quitTimeoutMs,
    // Its own limit ends it soon enough; without one a signal must be able to.
    signal: quitTimeoutMs === 0 ? quitting.signal : createCancelSource().signal,
  });
  return code;
}
