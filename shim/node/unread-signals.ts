import { readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';

/** A pipe's message: a pointer, the signal's number, and what fills it up to 16 bytes (libuv, src/unix/signal.c, on 64 bits). */
const messageBytes = 16;
const numberAt = 8;
/** Of open(2): who may only read has none of the first. */
const accessMode = 3;
const notBlocking = 0o4_000;

/**
 * The numbers of signals that have been caught and of which Node has not told yet. Libuv's handler writes them into a pipe, which its
 * loop reads at its next turn: what stands there when the listeners are taken off, nobody would ever hear of. Empty where it cannot
 * be known. What has been read is gone, and the loop waits for it for ever: only for who becomes another program or calls
 * process.exit.
 */
export function unreadSignals(): number[] {
  if (process.arch !== 'x64' && process.arch !== 'arm64') return [];
  try {
    return signalPipes().flatMap(readMessages);
  } catch {
    return []; // no /proc, or not ours to read
  }
}

/** Pipes of which this process has both ends, and whose reading does not block. The lock of the handlers is a pipe as well, which does. */
function signalPipes(): number[] {
  const open = readdirSync('/proc/self/fd').map((name) => ({ fd: Number(name), target: targetOf(name) }));
  return open
    .filter(({ target }) => target.startsWith('pipe:') && open.filter((one) => one.target === target).length === 2)
    .map(({ fd }) => fd)
    .filter(isForReading);
}

function targetOf(name: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${name}`);
  } catch {
    return ''; // that of the folder itself, closed by now
  }
}

/** Without blocking; by the `flags:` of proc_pid_fdinfo(5). */
function isForReading(fd: number): boolean {
  const [, octal = ''] = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')) ?? [];
  const flags = Number.parseInt(octal, 8);
  return (flags & accessMode) === 0 && (flags & notBlocking) !== 0;
}

function readMessages(fd: number): number[] {
  const numbers: number[] = [];
  const buffer = Buffer.alloc(messageBytes * 64);
  try {
    const size = readSync(fd, buffer);
    for (let at = 0; at + messageBytes <= size; at += messageBytes) numbers.push(buffer.readInt32LE(at + numberAt));
  } catch {
    // EAGAIN: nothing is there
  }
  return numbers;
}
