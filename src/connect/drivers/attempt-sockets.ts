import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** The sockets that one attempt has opened. */
export interface AttemptSockets {
  /** Destroys them, and from now on whatever the attempt still opens. */
  destroy(reason: Error): void;
}

export interface SocketWatch {
  /** Runs an attempt. Sockets count as its own when they are opened by what it has called, at once or later. */
  run<Result>(attempt: (sockets: AttemptSockets) => Result): Result;
  end(): void;
}

/** Node tells each TCP and TLS socket that the process opens, before it connects (Node documentation, "Diagnostics Channel", net). */
const channel = 'net.client.socket';

/**
 * Knows which sockets an attempt opens, whatever driver opens them. Drivers do not hand them out, and most close a connection only
 * once it stands: one that is cut off half-way is left to the server, for ever or for the driver's own time limit.
 */
export function watchSockets(): SocketWatch {
  const context = new AsyncLocalStorage<(socket: Socket) => void>();
  const note = (message: unknown) => context.getStore()?.((message as { readonly socket: Socket }).socket);
  subscribe(channel, note);
  return {
    run(attempt) {
      const opened = new Set<Socket>();
      let over: Error | undefined;
      const add = (socket: Socket): void => {
        opened.add(socket);
        socket.once('close', () => opened.delete(socket));
        if (over) destroySocket(socket, over);
      };
      const sockets: AttemptSockets = {
        destroy(reason) {
          over = reason;
          for (const socket of opened) destroySocket(socket, reason);
        },
      };
      return context.run(add, () => attempt(sockets));
    },
    end() {
      unsubscribe(channel, note);
      context.disable();
    },
  };
}

/** With an error: some drivers take no notice of a socket that merely closes. */
function destroySocket(socket: Socket, reason: Error): void {
  socket.on('error', () => {}); // the driver may have stopped listening, and Node ends the process for an error that nobody hears
  socket.destroy(reason);
}
