import { afterEach } from 'vitest';
import { type Fault, type FaultServer, type Script, startFaultServer } from './fault-server.ts';

/** Fault servers, and whatever else must be closed, that end with the test that made them. Call it at the top of a test file. */
export function serving(): {
  serve(script: Script, port?: number): Promise<FaultServer>;
  atEnd(cleanup: () => Promise<unknown>): void;
} {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });
  return {
    async serve(script, port) {
      const server = await startFaultServer(script, port);
      cleanups.push(() => server.close());
      return server;
    },
    atEnd: (cleanup) => void cleanups.push(cleanup),
  };
}

/** The first request meets a fault, the others do not. */
export function once(first: Fault): Script {
  return (_, number) => (number === 1 ? first : { do: 'reply' });
}
