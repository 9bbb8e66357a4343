import type { Clock, Transport } from '../src/mesh/ask/transport.ts';
import type { Signal } from './signals.ts';

/** As much of a file as the kernel looks at for a `#!` line (BINPRM_BUF_SIZE), and mostly all that an ELF file says of its segments. */
export const headBytes = 4_096;

/**
 * What the shim needs of the machine. `node/` implements it on Node, `native/` on a bare JavaScript engine.
 * Every decision is made above it.
 */
export interface Host {
  /** The name that the program was started by, without its folder: a link can have another one. */
  readonly invokedAs: string;
  /** The command line behind it. */
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly pid: number;
  readonly clock: Clock;
  readonly transport: Transport;
  /** Whether the transport can make connections over TLS. */
  readonly speaksTls: boolean;
  readonly log: LogSink;
  readonly signals: SignalSource;
  /** Milliseconds since 1970, for the log's time. */
  wallClockMs(): number;
  hostname(): string;
  /** The text of a file, of a long one the first 256 KiB; undefined where it cannot be read. */
  readTextFile(path: string): string | undefined;
  /** Replaces the content of a file that is there; where it is not, or may not be written, nothing happens. */
  overwriteFile(path: string, text: string): void;
  examineFile(path: string): FileKind;
  /** The first bytes of a file, as many as `headBytes`; undefined where it cannot be read. */
  readHead(path: string): string | undefined;
  readonly installation: Installation;
  /** What cannot be done here, each as a sentence, as far as it matters for such a launch. */
  shortcomings(options: LaunchOptions): readonly string[];
  /** How the system would refuse to become the program, where a refusal could not be survived. */
  foreseeRefusal?(launch: Launch): LaunchFailure | undefined;
  /**
   * Becomes the program: returns only when that failed. The program inherits what the shim inherited. Undefined where
   * it cannot be done; then the app is spawned.
   */
  readonly exec: ((launch: Launch) => LaunchFailure | LateSignal) | undefined;
  spawn(launch: Launch, options: LaunchOptions): Promise<Child | LaunchFailure>;
  /** What this program left for itself when it went to rest; undefined where it has not. */
  readonly rested?: Rested | undefined;
  /** Writes to stdout, for commands whose product is a text; where an app is started, stdout is the app's alone. */
  print(text: string): void;
  /** Whether a terminal controls this process: its keys go to the foreground group, and the program must be in it. */
  hasTerminal(): boolean;
  /** Stops this process as the terminal's Ctrl-Z does, until somebody continues it. */
  stopSelf(): void;
  exit(code: number): never;
}

/** What `install` needs: paths and contents are byte strings. */
export interface Installation {
  /** The file that is running. */
  executable(): string;
  /** What it is called where it is put. */
  readonly programName: string;
  /** A whole file; undefined where there is none to read. */
  readBytes(path: string): string | undefined;
  /** Puts a file in its place whole, or not at all; answers the system's name for what failed, such as `EROFS`. */
  replaceFile(path: string, bytes: string, mode: number): string | undefined;
}

export interface LogSink {
  readonly isTerminal: boolean;
  /** Never blocks and never throws: what a full or closed pipe does not take is lost. */
  write(text: string): void;
  /** Waits a moment, and no longer, for what has been written to go out. */
  flush(): Promise<void>;
}

export interface SignalSource {
  /** From here on signals are told to the listener instead of ending the process. */
  listen(listener: (received: ReceivedSignal) => void): void;
  /** Lets signals that have arrived already reach the listener. */
  settle(): Promise<void>;
}

export interface ReceivedSignal {
  readonly signal: Signal;
  /** A terminal sent it to the whole foreground process group: who is in the shim's group has got it, too. */
  readonly fromTerminal: boolean;
}

export type FileKind =
  | 'program'
  | 'not-executable'
  | 'directory'
  | 'missing'
  | 'denied'
  | 'link-loop'
  | 'name-too-long';

export interface Launch {
  readonly path: string;
  /** The program's argv, its own name first. */
  readonly argv: readonly string[];
}

export interface LaunchOptions {
  /** The program gets a process group of its own: what somebody sends to the shim's group, the program gets once, from the shim. */
  readonly ownGroup: boolean;
  /** Signals go to all of that group. */
  readonly group: boolean;
  readonly subreaper: boolean;
  /** Sent to the program by the kernel if the shim dies before it. */
  readonly parentDeath: Signal | undefined;
}

export interface LaunchFailure {
  readonly kind: 'failure';
  readonly reason: 'not-found' | 'not-executable' | 'other';
  /** The system's name for it: `ENOEXEC`. */
  readonly code: string;
}

/** A signal that ends has come after the last look at them, and before the program: it must not be lost. */
export interface LateSignal {
  readonly kind: 'late-signal';
  readonly signal: Signal;
}

export interface Child {
  readonly kind: 'child';
  readonly pid: number;
  readonly ended: Promise<{ readonly code: number } | { readonly signal: Signal }>;
  send(signal: Signal): void;
  /** To each process of its group, which may be there when it has ended itself. */
  sendToGroup(signal: Signal): void;
  hasGroup(): boolean;
  /**
   * Lets go of all memory that can be had again, until a signal comes or the child ends or stops. Then the program begins anew, and has this
   * child and `memo` in `Host.rested`; no signal is lost. Undefined where it cannot be done; with too long a memo, nothing happens.
   */
  rest?(memo: string): void;
}

export interface Rested {
  readonly child: Child;
  readonly memo: string;
}
