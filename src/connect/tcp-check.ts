import { setTimeout as delay } from 'node:timers/promises';
import type { Endpoint } from '../mesh/ask/endpoint.ts';
import { EndpointNotReadyError } from './connect-errors.ts';
import { openSocket } from './open-socket.ts';

/**
 * Connects, and sees whether the connection is still open `holdMs` later, or the server has said something. A sidecar closes it
 * at once where the server refuses, but only after its own connect timeout (Istio: 10 s) where the server does not answer.
 *
 * @returns what it saw, in one phrase
 */
export async function checkTcp(endpoint: Endpoint, signal: AbortSignal, holdMs: number): Promise<string> {
  const { socket, ended } = await openSocket(endpoint, signal);
  const timer = new AbortController();
  try {
    const spoke = new Promise<'spoke'>((resolve) => socket.once('data', () => resolve('spoke')));
    const held = delay(holdMs, 'held' as const, { signal: timer.signal });
    held.catch(() => {}); // cut short below
    const what = await Promise.race([spoke, held, ended]);
    signal.throwIfAborted();
    if (what === 'spoke') return `${endpoint.text} accepts connections and sends data`;
    if (what === 'held') return `${endpoint.text} accepts connections and keeps them open for ${holdMs} ms`;
    throw new EndpointNotReadyError(`${endpoint.text} accepts connections but closes them (${what})`);
  } finally {
    timer.abort();
    socket.destroy();
  }
}
