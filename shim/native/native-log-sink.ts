import type { LogSink } from '../host.ts';
import { isError } from './errno.ts';
import { writable } from './event-loop.ts';
import type { System } from './system.ts';

/** What a pipe takes whole or not at all (PIPE_BUF). */
const pieceBytes = 4096;

/**
 * stderr without O_NONBLOCK, which the app would inherit: a pipe that poll calls writable has room for a piece of this
 * size, so the write does not block.
 */
export function createNativeLogSink(system: System): LogSink {
  const isWritable = (): boolean => {
    const watched = [2, writable, 0];
    return system.poll(watched, 0) > 0 && ((watched[2] as number) & writable) !== 0;
  };
  return {
    isTerminal: system.isatty(2),
    write(text) {
      let rest = text;
      while (rest !== '' && isWritable()) {
        const written = system.write(2, rest.slice(0, pieceBytes));
        if (isError(written, 'EINTR')) continue;
        if (written <= 0) return;
        rest = rest.slice(written);
      }
    },
    flush: async () => {},
  };
}
