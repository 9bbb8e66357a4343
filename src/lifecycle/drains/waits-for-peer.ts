import type { Readable } from 'node:stream';

/** The app reads a body and has read all that came: it waits for the client, not the client for the app. */
export function waitsForPeer(body: Readable): boolean {
  const isRead = body.readableFlowing === true || body.listenerCount('readable') > 0;
  return isRead && body.readableLength === 0 && !body.readableEnded;
}
