import { close, constants, open, read } from 'node:fs';
import type { Connection, ConnectionEvents } from '../mesh/ask/transport.ts';
import { emptyFile, transportErrorNamed } from '../mesh/ask/transport-failure.ts';

/** Not blocking: a pipe without a writer is an empty file. */
const flags = constants.O_RDONLY | constants.O_NONBLOCK;

/** "Connects" to a file: it can be read, and has a first byte. */
export function lookAtFile(path: string, events: ConnectionEvents): Connection {
  let over = false;
  const tell = (error: NodeJS.ErrnoException | null, size: number): void => {
    if (over) return;
    if (error) events.onEnd(transportErrorNamed(error.code ?? error.message));
    else if (size === 0) events.onEnd(emptyFile);
    else events.onConnect();
  };
  open(path, flags, (error, file) => {
    if (error) {
      tell(error, 0);
      return;
    }
    read(file, Buffer.alloc(1), 0, 1, null, (failure, size) => close(file, () => tell(failure, size)));
  });
  return {
    send() {},
    close() {
      over = true;
    },
  };
}
