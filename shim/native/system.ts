import type { ByteString } from '../../src/mesh/ask/transport.ts';

/** What the system answers: a number, which is -errno where it is negative. */
export type Answer = number;

/** The calls that host.c offers as the global `system`. Texts are byte strings; descriptors do not block. */
export interface System {
  /**
   * The first 4,096, the program's own name first (a caller may have given not even that); those behind them are COMMAND's, and
   * exec and spawn add them.
   */
  args(): ByteString[];
  /** The entries that begin with one of these texts. */
  env(begins: readonly ByteString[]): ByteString[];
  /** Milliseconds with fractions: since some moment, on a clock that never goes back. */
  now(): number;
  /** Milliseconds since 1970. */
  wallClock(): number;
  /** Runs what promises have to do, until there is no more. */
  runJobs(): void;
  /**
   * Makes the end of this script a rest: all that the engine has made goes, and nothing runs until a signal comes or this child has ended or
   * stopped. Then the script runs anew, and `rested` is the text. An error where the text is longer than 4,096 bytes.
   */
  rest(child: number, text: ByteString): Answer;
  readonly rested: ByteString | undefined;
  exit(code: number): never;

  /** The descriptor of a connection that has been begun; -EINVAL where the host is a name. */
  connectTcp(host: string, port: number): Answer;
  connectUnix(path: ByteString): Answer;
  /** How a connection that was begun has gone: 0, or -errno. */
  connectError(fd: number): Answer;
  send(fd: number, bytes: ByteString): Answer;
  /**
   * Takes descriptors in threes with the events to wait for and a place for those that came, which it fills; answers how
   * many descriptors have some. A negative time waits for ever. Where `look` has been called, it ends as well at the first look at
   * which a connection was not refused, with -1000 less the place of that port in the list.
   */
  poll(watched: number[], timeoutMs: number): Answer;
  /** From now on poll looks at these in between: numeric host, port, host, port ... Of more than 16 the rest is left out. */
  look(ports: readonly (string | number)[], everyMs: number): void;

  open(path: ByteString, flags: number, mode: number): Answer;
  /** At most 8 KiB; empty at the end. */
  read(fd: number): ByteString | Answer;
  write(fd: number, bytes: ByteString): Answer;
  close(fd: number): Answer;
  fsync(fd: number): Answer;
  fchmod(fd: number, mode: number): Answer;
  isatty(fd: number): boolean;
  mode(path: ByteString): Answer;
  canExecute(path: ByteString): Answer;
  rename(from: ByteString, to: ByteString): Answer;
  unlink(path: ByteString): Answer;
  /** Where this executable lies. */
  executable(): ByteString;

  /** The same at each call, and after each rest. */
  signalDescriptor(): Answer;
  /** Number and si_code. */
  readSignal(fd: number): readonly [number, number] | Answer;
  /** Comes back only when it failed. */
  exec(path: ByteString, argv: readonly ByteString[]): Answer;
  /**
   * `terminal` is the descriptor whose foreground the child takes, or -1; `parentDeath` the signal that the kernel sends it when this
   * process dies, or 0.
   */
  spawn(
    path: ByteString,
    argv: readonly ByteString[],
    ownGroup: boolean,
    terminal: number,
    parentDeath: number,
  ): Answer;
  /** Pid and status of a child that has ended or stopped; 0 where none has. */
  wait(pid: number): readonly [number, number] | Answer;
  /** Pid and descriptor of a child that writes the addresses of a name, a line each. */
  resolve(name: string): readonly [number, number] | Answer;
  /** Kills such a child and reaps it. */
  discard(pid: number): Answer;
  kill(pid: number, signal: number): Answer;
  pid(): number;
  group(): number;
  session(): number;
  foreground(terminal: number): Answer;
  setForeground(terminal: number, group: number): Answer;
  becomeSubreaper(): Answer;
  hostname(): ByteString | Answer;
}
