import type {
  Child,
  FileKind,
  Host,
  LateSignal,
  Launch,
  LaunchFailure,
  LaunchOptions,
  ReceivedSignal,
} from '../../shim/host.ts';
import { type Signal, type SignalName, signalNamed } from '../../shim/signals.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { createMemoryNetwork, type MemoryNetwork } from './memory-network.ts';

export interface MemoryHostOptions {
  readonly invokedAs?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Texts of files; `/bin/app` is a program in any case. */
  readonly files?: Readonly<Record<string, string>>;
  readonly kinds?: Readonly<Record<string, FileKind>>;
  /** How exec fails; absent: it does not, and `replaced` rejects with BecameProgram. `none`: this machine has none. */
  readonly exec?: LaunchFailure | LateSignal | 'none';
  /** How spawn fails. */
  readonly spawn?: LaunchFailure;
  /** The app leaves processes in its group, which this signal ends. */
  readonly leavesGroup?: SignalName;
  /** Beside a child it can rest. */
  readonly canRest?: boolean;
  /** It has rested beside a child, with this memo. */
  readonly rested?: string;
  readonly shortcomings?: readonly string[];
  readonly isTerminal?: boolean;
}

/** The process has become the program. */
export class BecameProgram extends Error {
  readonly launch: Launch;

  constructor(launch: Launch) {
    super(`became ${launch.path}`);
    this.launch = launch;
  }
}

export interface MemoryChild {
  /** Of one that has been there before a rest, nothing is known. */
  readonly launch: Launch | undefined;
  readonly options: LaunchOptions | undefined;
  /** Names of the signals that it was sent. */
  readonly sent: string[];
  end(how: { readonly code: number } | { readonly signal: Signal }): void;
}

export interface MemoryHost extends Host {
  readonly clock: ManualClock;
  readonly transport: MemoryNetwork;
  /** The log so far. */
  stderr(): string;
  stdout(): string;
  /** Files as they are now, with their modes where they were replaced. */
  readonly disk: Map<string, { readonly bytes: string; readonly mode?: number }>;
  /** A signal comes, and is told at once. */
  raise(name: SignalName, fromTerminal?: boolean): void;
  /** A signal has come and is told when the shim lets signals in. */
  raiseUnheard(name: SignalName): void;
  readonly children: readonly MemoryChild[];
  /** Holds the next spawn back until the function returned is called. */
  holdSpawn(): () => void;
  /** With what it went to rest, each time; here the program runs on. */
  readonly memos: readonly string[];
  /** How often it stopped itself. */
  stops(): number;
  /** Rejects once the process has become the program. */
  readonly replaced: Promise<never>;
  /** In their order: `listen`, `flush`, `exec /bin/app`, `spawn /bin/app`. */
  readonly calls: readonly string[];
}

/** A machine in memory, on which signals and ends come when the test says. The real ones are in test/process. */
export function createMemoryHost(options: MemoryHostOptions = {}): MemoryHost {
  const clock = createManualClock();
  const transport = createMemoryNetwork();
  const calls: string[] = [];
  const children: MemoryChild[] = [];
  const disk = new Map(
    Object.entries(options.files ?? {}).map(([path, bytes]) => [path, { bytes } as { bytes: string }]),
  );
  const unheard: ReceivedSignal[] = [];
  const [stderr, stdout]: [string[], string[]] = [[], []];
  let listener: (received: ReceivedSignal) => void = () => {};
  let stops = 0;
  let released = Promise.resolve();

  let replace = (_: BecameProgram): void => {};
  const replaced = new Promise<never>((_, reject) => {
    replace = reject;
  });
  replaced.catch(() => {});
  const become = (launch: Launch): LaunchFailure | LateSignal => {
    calls.push(`exec ${launch.path}`);
    if (typeof options.exec === 'object') return options.exec;
    replace(new BecameProgram(launch));
    // Nothing of the shim runs on in a process that is another program.
    return new Promise(() => {}) as never;
  };

  const memos: string[] = [];
  const createChild = (launch?: Launch, launchOptions?: LaunchOptions): Child => {
    const sent: string[] = [];
    let end: MemoryChild['end'] = () => {};
    const ended = new Promise<{ code: number } | { signal: Signal }>((resolve) => {
      end = resolve;
    });
    children.push({ launch, options: launchOptions, sent, end });
    let hasGroup = options.leavesGroup !== undefined;
    return {
      kind: 'child',
      pid: 7,
      ended,
      send: ({ name }) => void sent.push(name),
      sendToGroup({ name }) {
        sent.push(`${name} to the group`);
        if (options.leavesGroup === name) hasGroup = false;
      },
      hasGroup: () => hasGroup,
      ...(options.canRest && { rest: (memo: string) => void memos.push(memo) }),
    };
  };
  const spawn = async (launch: Launch, launchOptions: LaunchOptions): Promise<Child | LaunchFailure> => {
    calls.push(`spawn ${launch.path}`);
    await released;
    return options.spawn ?? createChild(launch, launchOptions);
  };

  return {
    invokedAs: options.invokedAs ?? 'mesh-shim',
    args: options.args ?? [],
    env: new Map(Object.entries({ PATH: '/bin', ...options.env })),
    pid: 1,
    clock,
    transport,
    speaksTls: false,
    log: {
      isTerminal: options.isTerminal ?? false,
      write: (text) => void stderr.push(text),
      flush: async () => void calls.push('flush'),
    },
    signals: {
      listen(next) {
        calls.push('listen');
        listener = next;
      },
      async settle() {
        for (const received of unheard.splice(0)) listener(received);
      },
    },
    wallClockMs: () => 1_772_357_400_000,
    hostname: () => 'memory',
    readTextFile: (path) => disk.get(path)?.bytes,
    overwriteFile(path, text) {
      if (disk.has(path)) disk.set(path, { bytes: text });
    },
    hasTerminal: () => options.isTerminal ?? false,
    readHead: (path) => options.files?.[path],
    examineFile: (path) => options.kinds?.[path] ?? (path === '/bin/app' ? 'program' : 'missing'),
    installation: {
      executable: () => '/opt/shim/mesh-shim',
      programName: 'mesh-shim',
      readBytes: (path) => disk.get(path)?.bytes,
      replaceFile(path, bytes, mode) {
        if (path.startsWith('/read-only/')) return 'EROFS';
        if (path.startsWith('/odd/')) return 'EODD';
        disk.set(path, { bytes, mode } as { bytes: string });
        return undefined;
      },
    },
    shortcomings: () => options.shortcomings ?? [],
    replaced,
    exec: options.exec === 'none' ? undefined : become,
    spawn,
    rested: options.rested === undefined ? undefined : { child: createChild(), memo: options.rested },
    print: (text) => void stdout.push(text),
    stopSelf() {
      stops++;
    },
    exit(code) {
      throw new Error(`exit ${code}`);
    },
    stderr: () => stderr.join(''),
    stdout: () => stdout.join(''),
    disk,
    raise: (name, fromTerminal = false) => listener({ signal: signalNamed(name), fromTerminal }),
    raiseUnheard: (name) => void unheard.push({ signal: signalNamed(name), fromTerminal: false }),
    children,
    holdSpawn() {
      let release = (): void => {};
      released = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    memos,
    stops: () => stops,
    calls,
  };
}
