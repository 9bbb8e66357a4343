import { requireUndici } from './require-undici.cjs';

export type Undici = ReturnType<typeof requireUndici>;

let loaded: Undici | undefined;

/** undici, loaded by whoever needs it first: it takes longer to load than all of this library. */
export function undici(): Undici {
  loaded ??= withoutGlobalDispatcher(requireUndici);
  return loaded;
}

/**
 * Loads undici so that no other part of the process notices.
 *
 * undici 8 that finds no dispatcher in its own global slot fills it, and the slot of its older versions along with it: Node's
 * `fetch` (on Node 22 and 24) and other copies of undici then go past the proxy, or the mock, that the app has set there.
 * Where the global object takes no property, undici keeps its dispatcher to itself, and an app with the same copy can use
 * that one as before (lib/global.js of undici 8.13; nodejs/undici#5500).
 */
function withoutGlobalDispatcher(load: () => Undici): Undici {
  const { defineProperty } = Object;
  const guarded: typeof defineProperty = (target, key, descriptor) => {
    if (target === globalThis && isDispatcherSlot(key)) throw new TypeError('the global dispatcher belongs to the app');
    return defineProperty(target, key, descriptor);
  };
  // Not so under --frozen-intrinsics.
  if (!Reflect.set(Object, 'defineProperty', guarded)) return withOlderDispatcherKept(load);
  try {
    return load();
  } finally {
    Object.defineProperty = defineProperty;
  }
}

function isDispatcherSlot(key: PropertyKey): boolean {
  return typeof key === 'symbol' && key.description?.startsWith('undici.globalDispatcher.') === true;
}

/** Leaves undici its own slot, without which an app with the same copy would have no dispatcher. */
function withOlderDispatcherKept(load: () => Undici): Undici {
  const slots = globalThis as { [slot: symbol]: unknown };
  const older = Symbol.for('undici.globalDispatcher.1');
  const kept = slots[older];
  const undici = load();
  if (slots[older] !== kept) slots[older] = kept;
  return undici;
}
