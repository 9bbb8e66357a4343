/** A lifecycle as the others of the process see it: of this copy of the package, or another. */
export interface Peer {
  /** Starts its shutdown. Fulfilled with its exit code before the process ends. */
  begin(reason: string): Promise<number>;
  /** It was made by the preload, and goes when the app makes its own. */
  readonly isPreload: boolean;
  dispose(): void;
}

const key = Symbol.for('mesh-shim.lifecycles');

/** Made at the first call: importing the library changes nothing. */
function lifecycles(): Set<Peer> {
  const globals = globalThis as { [key]?: Set<Peer> };
  globals[key] ??= new Set();
  return globals[key];
}

/** The other lifecycles of this process; those of the preload step aside for one of the app. */
export function join(peer: Peer): { others(): Peer[]; leave(): void } {
  const all = lifecycles();
  if (!peer.isPreload) for (const other of all) if (other.isPreload) other.dispose();
  all.add(peer);
  return {
    others: () => [...all].filter((other) => other !== peer),
    leave: () => void all.delete(peer),
  };
}

export function hasLifecycle(): boolean {
  return lifecycles().size > 0;
}
