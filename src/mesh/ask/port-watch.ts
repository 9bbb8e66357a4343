import type { Clock, PortWatch, Transport, TransportFailure } from './transport.ts';

const nobody: readonly TransportFailure[] = ['refused', 'unreachable'];

/** For a transport that has no cheaper way to look. */
export function watchByConnecting(transport: Transport, clock: Clock): PortWatch {
  return {
    leastPauseMs: 16,
    start(addresses, everyMs, onOpen) {
      let stop = (): void => {};
      const tryAddress = (index: number): void => {
        const address = addresses[index];
        if (!address) {
          lookLater();
          return;
        }
        const accepted = (): void => {
          connection.close();
          onOpen();
        };
        const connection = transport.connect(address, {
          onConnect: accepted,
          onData() {},
          onEnd: ({ kind }) => (nobody.includes(kind) ? tryAddress(index + 1) : accepted()),
        });
        stop = () => connection.close();
      };
      const lookLater = (): void => {
        stop = clock.after(everyMs, () => tryAddress(0));
      };
      lookLater();
      return () => stop();
    },
  };
}
