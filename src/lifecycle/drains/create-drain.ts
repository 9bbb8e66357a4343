import { Server } from 'node:net';
import type { Closable, DrainableServer, GrpcServer } from '../lifecycle-options.ts';
import type { Drain } from './drain.ts';
import { createClosableDrain } from './drain-closable.ts';
import { createGrpcDrain } from './drain-grpc.ts';
import { createServerDrain } from './drain-server.ts';

/** By what it is, and where that cannot be told, by what it can do: packages are installed more than once. */
export function createDrain(server: DrainableServer, peerTimeoutMs: number): Drain {
  if (server instanceof Server) return createServerDrain(server, peerTimeoutMs);
  if (isGrpcServer(server)) return createGrpcDrain(server);
  return createClosableDrain(server as Closable, 'server');
}

export function isGrpcServer(value: unknown): value is GrpcServer {
  const { tryShutdown, forceShutdown } = (value ?? {}) as Partial<GrpcServer>;
  return typeof tryShutdown === 'function' && typeof forceShutdown === 'function';
}
