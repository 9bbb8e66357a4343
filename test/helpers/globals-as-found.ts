import process from 'node:process';
import { afterAll, expect } from 'vitest';

/**
 * The unit project runs its files one after the other in one process: what one leaves behind breaks another, which one
 * depends on their order. So each file must leave every global as it found it: a spy on a faked timer that is restored
 * after the real timers are back puts the faked one in their place.
 */
const owners = { globalThis, process, Math, performance, console };

const found = Object.entries(owners).map(([name, owner]) => ({ name, owner, values: functionsOf(owner) }));

afterAll(() => {
  const changed = found.flatMap(({ name, owner, values }) => {
    const now = functionsOf(owner);
    return [...values].filter(([key, value]) => now.get(key) !== value).map(([key]) => `${name}.${key}`);
  });
  expect(changed, 'globals that this file left changed').toEqual([]);
});

/** Values only: reading a getter (`globalThis.localStorage`) would load what nobody asked for. */
function functionsOf(owner: object): Map<string, unknown> {
  const functions = new Map<string, unknown>();
  for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
    if (typeof value === 'function') functions.set(key, value);
  }
  return functions;
}
