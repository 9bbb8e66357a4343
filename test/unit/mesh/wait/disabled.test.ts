import { expect, it } from 'vitest';
import { DisabledError, readDisabled } from '../../../../src/mesh/wait/disabled.ts';

it.each([
  [undefined, undefined],
  ['', undefined],
  ['  ', undefined],
  [' no mesh here ', 'no mesh here'],
  ['true', 'true'],
  ['1', '1'],
])('%j is the reason %j', (text, reason) => {
  expect(readDisabled(text)).toBe(reason);
});

it.each(['false', '0', 'no', ' no '])('%j reads as the opposite, and is refused', (text) => {
  expect(() => readDisabled(text)).toThrow(DisabledError);
  expect(() => readDisabled(text)).toThrow(
    `MESH_SHIM_DISABLED=${text.trim()}: takes the reason to switch off; unset it to leave mesh-shim on`,
  );
});
