import { expect, test } from 'vitest';
import { createLifecycle } from '../../../src/lifecycle/index.ts';

const wrong: [string, unknown][] = [
  ['below zero', -1],
  ['not a number', '5s'],
  ['NaN', Number.NaN],
  ['without an end', Number.POSITIVE_INFINITY],
];

test.each(wrong)("a hook's time limit is checked at the call: %s", (_, timeoutMs) => {
  const hook = { name: 'database', run() {}, timeoutMs: timeoutMs as number };
  // Refused, it has not touched the process's signals.
  expect(() => createLifecycle({ hooks: [hook] })).toThrow(/timeoutMs/);
  const lifecycle = createLifecycle();
  try {
    expect(() => lifecycle.addHook(hook)).toThrow(/timeoutMs/);
    expect(() => lifecycle.addHook({ ...hook, timeoutMs: 0 })).not.toThrow();
    expect(() => lifecycle.addHook({ ...hook, timeoutMs: undefined })).not.toThrow();
  } finally {
    lifecycle.dispose();
  }
});
