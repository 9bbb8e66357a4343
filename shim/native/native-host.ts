import { type Host, headBytes, type Rested } from '../host.ts';
import { signalNamed } from '../signals.ts';
import { variablesRead } from '../variables-read.ts';
import type { EventLoop } from './event-loop.ts';
import { examineFile } from './examine-file.ts';
import { createHelperChildren } from './helper-children.ts';
import { type ChildContext, type ChildRecord, launchFailure, spawnProgram, watchChild } from './native-children.ts';
import { overwriteFile, readFile, readTextFile, replaceFile, writeAll } from './native-files.ts';
import { createNativeLogSink } from './native-log-sink.ts';
import { createNativeSignals } from './native-signals.ts';
import { createNativeTransport } from './native-transport.ts';
import type { System } from './system.ts';

/** The machine as the kernel shows it, in bytes. */
export function createNativeHost(system: System, loop: EventLoop): Host {
  const helpers = createHelperChildren(system);
  const signals = createNativeSignals(system, loop, helpers);
  const argv = system.args();
  const children: ChildContext = {
    system,
    signals,
    rest(record, memo) {
      if (system.rest(record.pid, JSON.stringify([record, memo])) === 0) loop.stop();
    },
  };
  return {
    invokedAs: (argv[0] ?? '').split('/').pop() ?? '',
    args: argv.slice(1),
    env: readEnvironment(system.env(variablesRead)),
    pid: system.pid(),
    clock: loop.clock,
    speaksTls: false,
    transport: createNativeTransport(system, loop, helpers),
    log: createNativeLogSink(system),
    signals,
    wallClockMs: () => Math.floor(system.wallClock()),
    hostname() {
      const name = system.hostname();
      return typeof name === 'string' ? name : '';
    },
    readTextFile: (path) => readTextFile(path, system),
    overwriteFile: (path, text) => overwriteFile(path, text, system),
    examineFile: (path) => examineFile(path, system),
    readHead: (path) => readFile(path, system, headBytes)?.slice(0, headBytes),
    installation: {
      executable: system.executable,
      programName: 'mesh-shim',
      readBytes: (path) => readFile(path, system),
      replaceFile: (path, bytes, mode) => replaceFile(path, bytes, mode, system),
    },
    shortcomings: () => [],
    exec: ({ path, argv }) => launchFailure(system.exec(path, argv), path, system),
    spawn: async (launch, options) => spawnProgram(launch, options, children),
    rested: readRested(children, loop),
    print: (text) => void writeAll(1, text, system),
    hasTerminal: () => [0, 1, 2].some((fd) => system.foreground(fd) >= 0),
    stopSelf: () => void system.kill(system.pid(), signalNamed('SIGSTOP').number),
    exit: system.exit,
  };
}

/** The child's end may have been reported before; signals that have come with it are read first. */
function readRested(children: ChildContext, loop: EventLoop): Rested | undefined {
  const text = children.system.rested;
  if (text === undefined) return undefined;
  const [record, memo] = JSON.parse(text) as [ChildRecord, string];
  loop.defer(children.signals.reap);
  return { child: watchChild(record, children), memo };
}

/** The first of two entries with one name counts, as for getenv(3). */
function readEnvironment(entries: readonly string[]): ReadonlyMap<string, string> {
  const env = new Map<string, string>();
  for (const entry of entries) {
    const equals = entry.indexOf('=');
    const name = entry.slice(0, equals);
    if (equals > 0 && !env.has(name)) env.set(name, entry.slice(equals + 1));
  }
  return env;
}
