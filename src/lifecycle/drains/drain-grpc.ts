import type { GrpcServer } from '../lifecycle-options.ts';
import type { Drain } from './drain.ts';

/** A server of @grpc/grpc-js: calls under way end, new ones are refused, which clients repeat elsewhere. */
export function createGrpcDrain(server: GrpcServer): Drain {
  return {
    name: 'gRPC server',
    close: () =>
      new Promise<void>((resolve, reject) => server.tryShutdown((error) => (error ? reject(error) : resolve()))),
    cut() {
      server.forceShutdown();
      return 1;
    },
  };
}
