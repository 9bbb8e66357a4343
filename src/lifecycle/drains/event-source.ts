import type { Writable } from 'node:stream';

/**
 * A browser's EventSource: a GET that asks for an event stream. It never ends by itself, and its client connects again when it
 * does. A POST that is answered with events (as of language models) is a reply that ends, and is waited for.
 */
export function isEventSource(method: unknown, accept: unknown, contentType: unknown): boolean {
  // Node does not keep the headers that are given to writeHead() alone.
  return method === 'GET' && isEvents(accept) && (contentType === undefined || isEvents(contentType));
}

const isEvents = (header: unknown) => String(header).toLowerCase().includes('text/event-stream');

/** Ends it whole. The app does not know, and may write once more. */
export function endEventSource(reply: Writable, socket?: { destroy(): unknown }): void {
  if (reply.writableEnded) return;
  reply.on('error', () => {});
  reply.end();
  // A peer that has gone takes nothing any more.
  if (socket !== undefined) setTimeout(() => socket.destroy(), 1_000).unref();
}
