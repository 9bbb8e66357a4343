import type { Connection, SocketAddress, Transport } from '../../src/mesh/ask/transport.ts';
import { emptyFile, transportErrorNamed } from '../../src/mesh/ask/transport-failure.ts';
import { errorName, isError } from './errno.ts';
import { type EventLoop, readable, writable } from './event-loop.ts';
import type { HelperChildren } from './helper-children.ts';
import { resolveName } from './resolve-name.ts';
import type { System } from './system.ts';

/** Not blocking (open(2) on Linux): a pipe without a writer is an empty file. */
const readOnlyNotBlocking = 0o4_000;

/** The transport of the core on the system's sockets. */
export function createNativeTransport(system: System, loop: EventLoop, helpers: HelperChildren): Transport {
  return {
    portWatch: {
      leastPauseMs: 2,
      start(addresses, everyMs, onOpen) {
        return loop.look(
          addresses.filter((address) => address.kind === 'tcp'),
          everyMs,
          onOpen,
        );
      },
    },
    connect(address, events) {
      // One thing at a time is under way (a look-up, a socket); this ends it.
      let stop = (): void => {};
      let send = (_bytes: string): void => {};

      const fail = (answer: number): void => {
        stop();
        events.onEnd(transportErrorNamed(errorName(answer)));
      };

      const open = (target: SocketAddress, onRefusal: (answer: number) => void): void => {
        const fd =
          target.kind === 'unix' ? system.connectUnix(target.path) : system.connectTcp(target.host, target.port);
        if (fd < 0) {
          onRefusal(fd);
          return;
        }
        stop = () => {
          stop = () => {};
          send = () => {};
          loop.unwatch(fd);
          system.close(fd);
        };
        loop.watch(fd, writable, () => {
          const answer = system.connectError(fd);
          if (answer < 0) {
            stop();
            onRefusal(answer);
            return;
          }
          const onReadable = (): void => receive(fd);
          send = createSender(fd, system, loop, onReadable);
          loop.watch(fd, readable, onReadable);
          events.onConnect();
        });
      };

      const lookAtFile = (path: string): void => {
        const fd = system.open(path, readOnlyNotBlocking, 0);
        const first = fd < 0 ? fd : system.read(fd);
        if (fd >= 0) system.close(fd);
        if (typeof first === 'number') events.onEnd(transportErrorNamed(errorName(first)));
        else if (first === '') events.onEnd(emptyFile);
        else events.onConnect();
      };

      const receive = (fd: number): void => {
        const bytes = system.read(fd);
        if (typeof bytes === 'number') {
          if (!isError(bytes, 'EAGAIN') && !isError(bytes, 'EINTR')) fail(bytes);
        } else if (bytes !== '') events.onData(bytes);
        else {
          stop();
          events.onEnd({ kind: 'closed', code: 'closed by the peer' });
        }
      };

      const openFirst = (hosts: readonly string[], port: number): void => {
        const [host = '', ...others] = hosts;
        open({ kind: 'tcp', host, port }, (answer) => {
          if (others.length > 0) openFirst(others, port);
          else fail(answer);
        });
      };

      /** Events never come from inside `connect`. */
      const later = (tell: () => void): void => {
        let over = false;
        stop = () => {
          over = true;
        };
        loop.defer(() => {
          if (!over) tell();
        });
      };

      if (address.kind === 'file') later(() => lookAtFile(address.path));
      else
        open(address, (answer) => {
          if (address.kind === 'tcp' && isError(answer, 'EINVAL')) {
            stop = resolveName(address.host, system, loop, helpers, (hosts) => {
              stop = () => {};
              if (hosts.length > 0) openFirst(hosts, address.port);
              else events.onEnd(transportErrorNamed('ENOTFOUND'));
            });
            return;
          }
          later(() => events.onEnd(transportErrorNamed(errorName(answer))));
        });

      return { send: (bytes) => send(bytes), close: () => stop() } satisfies Connection;
    },
  };
}

/** Requests are far smaller than a socket's buffer; should one not fit all the same, the rest goes when there is room. */
function createSender(fd: number, system: System, loop: EventLoop, receive: () => void): (bytes: string) => void {
  let pending = '';
  const push = (bytes: string): void => {
    const sent = system.send(fd, bytes);
    // An error shows when reading, which tells it, too.
    const rest = sent >= 0 ? bytes.slice(sent) : isError(sent, 'EAGAIN') ? bytes : '';
    if (rest !== '') loop.watch(fd, readable | writable, () => push(pending));
    else if (pending !== '') loop.watch(fd, readable, receive);
    pending = rest;
  };
  return (bytes) => push(pending + bytes);
}
