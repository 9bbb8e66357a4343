import type { Dispatcher } from 'undici';
import { nodeUsesEnvironmentProxy } from './environment-proxy.ts';
import { undici } from './undici.ts';

// Where the copies of undici that a process has leave word to each other: 8 in both (the older with an adapter), 7 in both, 6 in the older.
const slots = [Symbol.for('undici.globalDispatcher.2'), Symbol.for('undici.globalDispatcher.1')];

/**
 * The global dispatcher, where the app has set one: by `setGlobalDispatcher` of any undici, from version 8 down.
 *
 * Each copy of undici that is loaded, and Node's own with the first `fetch`, puts an Agent without any options there. Nobody has asked
 * for that one, it may be of a version that knows less, and taking another in its place changes nothing for the app.
 */
export function chosenDispatcher(): Dispatcher | undefined {
  // This copy's own, which is not in a slot where the global object is frozen.
  const own = undici().getGlobalDispatcher();
  if (isChosen(own)) return own;
  for (const slot of slots) {
    const found = (globalThis as { readonly [slot: symbol]: Dispatcher | undefined })[slot];
    if (found !== undefined && found !== own && isChosen(found)) return found;
  }
  return undefined;
}

function isChosen(dispatcher: Dispatcher): boolean {
  const { prototype, name } = (dispatcher.constructor ?? Object) as unknown as {
    readonly prototype: Dispatcher;
    readonly name: string;
  };
  // Composed, or taken over by who watches requests.
  if (dispatcher.dispatch !== prototype.dispatch) return true;
  // For older copies: what it wraps lies in the other slot.
  if (name === 'Dispatcher1Wrapper') return false;
  if (name === 'Agent') return !hasNoOptions(dispatcher);
  // Node's own, where it was told to take the environment's proxy.
  if (name !== 'EnvHttpProxyAgent' || !nodeUsesEnvironmentProxy()) return true;
  const direct = bySymbol(dispatcher, 'no proxy agent');
  return typeof direct !== 'object' || direct === null || !hasNoOptions(direct);
}

/** `new Agent()`, as undici makes it when it is loaded. */
function hasNoOptions(agent: object): boolean {
  const options = bySymbol(agent, 'options');
  const factory = bySymbol(agent, 'factory');
  if (typeof options !== 'object' || options === null || typeof factory !== 'function') return false;
  const isDefault = (value: unknown) => value === undefined || value === Number.POSITIVE_INFINITY;
  return (
    factory.name === 'defaultFactory' && Object.values(options).every(isDefault) && !bySymbol(agent, 'maxRedirections')
  );
}

/** A member that undici keeps under a symbol of its own, which each copy has another of. */
function bySymbol(object: object, description: string): unknown {
  const symbol = Object.getOwnPropertySymbols(object).find((one) => one.description === description);
  return symbol === undefined ? undefined : (object as { readonly [symbol: symbol]: unknown })[symbol];
}
