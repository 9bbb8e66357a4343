import type { Socket } from 'node:net';
import { type Behaviour, reply, serverInfo } from '../../helpers/raw-sidecar.ts';

/** What a sidecar does, by the port of its status server. */
export type SidecarBehaviour = (statusPort: number) => Behaviour;

export const send =
  (...texts: string[]): Behaviour =>
  (socket) =>
    void texts.map((text) => socket.write(text, 'latin1'));

export const sendAndEnd =
  (text: string): Behaviour =>
  (socket) =>
    void socket.end(text, 'latin1');

/** Writes without end, as fast or as slowly as the reader takes it, until the connection ends. */
export function pour(socket: Socket, piece: string, pauseMs = 0): void {
  const next = (): void => {
    if (socket.destroyed) return;
    if (pauseMs > 0) {
      socket.write(piece, 'latin1');
      setTimeout(next, pauseMs);
    } else if (socket.write(piece, 'latin1')) setImmediate(next);
    else socket.once('drain', next);
  };
  next();
}

export const drip =
  (text: string): Behaviour =>
  (socket) => {
    let position = 0;
    const next = (): void => {
      if (socket.destroyed || position >= text.length) return;
      socket.write(text[position++] as string, 'latin1', () => setImmediate(next));
    };
    next();
  };

/** By path: what /ready, /server_info and /stats get. */
export const admin =
  (ready: Behaviour, info: Behaviour, stats: Behaviour = send(reply(404))): Behaviour =>
  (socket, path) => {
    const behaviour = path === '/ready' ? ready : path === '/server_info' ? info : stats;
    behaviour(socket, path);
  };

export const live = (statusPort: number): string => serverInfo('LIVE', statusPort);
export const saysLive = send(reply(200, 'LIVE\n'));
export const startedWorkers = send(reply(200, 'listener_manager.workers_started: 1\n'));
