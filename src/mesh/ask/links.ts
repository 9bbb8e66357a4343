import type { Address, ByteString, ConnectionEvents, Transport } from './transport.ts';

/** A connection that serves one user after another: its events go to whoever uses it at the moment. */
export interface Link {
  readonly address: Address;
  /** Hands it on, with its events, to another user. */
  use(user: ConnectionEvents): void;
  send(bytes: ByteString): void;
  /** Keeps the connection for a later user. */
  release(): void;
  close(): void;
}

export interface Links {
  open(address: Address, user: ConnectionEvents): Link;
  /** A connection to one of the addresses that was released and still stands; whoever takes it must use it. */
  reuse(addresses: readonly Address[]): Link | undefined;
  closeAll(): void;
}

/** Opens connections and keeps at most one idle one per address. */
export function createLinks(transport: Transport): Links {
  interface KeptLink extends Link {
    user: ConnectionEvents | undefined;
  }
  const idle = new Map<string, KeptLink>();

  const drop = (link: KeptLink): void => {
    const key = addressText(link.address);
    if (idle.get(key) === link) idle.delete(key);
    link.close();
  };

  return {
    open(address, user) {
      const connection = transport.connect(address, {
        onConnect: () => link.user?.onConnect(),
        // An idle connection that speaks or ends unasked is of no more use.
        onData: (bytes) => (link.user ? link.user.onData(bytes) : drop(link)),
        onEnd: (error) => (link.user ? link.user.onEnd(error) : drop(link)),
      });
      const link: KeptLink = {
        address,
        user,
        use(next) {
          link.user = next;
        },
        send: (bytes) => connection.send(bytes),
        release() {
          link.user = undefined;
          const key = addressText(address);
          idle.get(key)?.close();
          idle.set(key, link);
        },
        close() {
          link.user = undefined;
          connection.close();
        },
      };
      return link;
    },
    reuse(addresses) {
      for (const address of addresses) {
        const key = addressText(address);
        const link = idle.get(key);
        if (!link) continue;
        idle.delete(key);
        return link;
      }
      return undefined;
    },
    closeAll() {
      for (const link of idle.values()) link.close();
      idle.clear();
    },
  };
}

/** An address as people write it: `127.0.0.1:15000`, `[::1]:15000`, `unix:/run/admin.sock`. */
export function addressText(address: Address): string {
  if (address.kind !== 'tcp') return `${address.kind}:${address.path}`;
  return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
}
