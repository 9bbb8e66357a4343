import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeGrpcMessage } from '../../../src/health/grpc-health.ts';
import { checkResponse, MalformedMessageError, serviceOf, unframe } from '../../../src/health/grpc-messages.ts';

const text = (value: string) => [...new TextEncoder().encode(value)];
const field1 = (value: string) => [0x0a, text(value).length, ...text(value)];

describe('the name of the service', () => {
  test.each<[string, number[], string]>([
    ['left out', [], ''],
    ['given', field1('liveness'), 'liveness'],
    ['not ASCII', field1('größe'), 'größe'],
    ['given twice, the last counts', [...field1('a'), ...field1('b')], 'b'],
    ['longer than one byte of length says', [0x0a, 0x80, 0x01, ...text('x'.repeat(128))], 'x'.repeat(128)],
    ['its length written longer than it must be', [0x0a, 0x81, 0x80, 0x00, ...text('x')], 'x'],
    ['after a number that is not known', [0x10, 0x96, 0x01, ...field1('a')], 'a'],
    ['before a number of 64 bits', [...field1('a'), 0x10, ...Array(9).fill(0xff), 0x01], 'a'],
    ['beside fields of 4 and 8 bytes', [0x15, 1, 2, 3, 4, 0x19, 1, 2, 3, 4, 5, 6, 7, 8, ...field1('a')], 'a'],
    ['beside bytes that are not known', [0x1a, 0x02, 9, 9, ...field1('a')], 'a'],
  ])('%s', (_, bytes, service) => {
    expect(serviceOf(Uint8Array.from(bytes))).toBe(service);
  });

  test.each<[string, number[]]>([
    ['a text that is cut off', [0x0a, 0x05, 0x61]],
    ['no length', [0x0a]],
    ['a number that does not end', [0x10, ...Array(11).fill(0x80)]],
    ['8 bytes that are cut off', [0x19, 1, 2, 3]],
    ['a group', [0x0b]],
    ['a wire type that does not exist', [0x0f]],
    ['field 0', [0x02, 0x00]],
    ['no UTF-8', [0x0a, 0x01, 0xff]],
    ['a length of 2^63', [0x0a, ...Array(8).fill(0xff), 0x7f]],
  ])('%s is malformed', (_, bytes) => {
    expect(() => serviceOf(Uint8Array.from(bytes))).toThrow(MalformedMessageError);
  });
});

describe('the prefix', () => {
  const message = [0x0a, 0x01, 0x61];

  test('is taken off', () => {
    // As a part of a larger buffer, as sockets give it.
    const buffer = Uint8Array.from([9, 9, 0, 0, 0, 0, 3, ...message]);
    expect([...unframe(buffer.subarray(2))]).toEqual(message);
    expect([...unframe(Uint8Array.of(0, 0, 0, 0, 0))]).toEqual([]);
  });

  test.each<[string, number[]]>([
    ['nothing', []],
    ['half a prefix', [0, 0, 0]],
    ['a compressed message', [1, 0, 0, 0, 3, ...message]],
    ['less than it says', [0, 0, 0, 0, 4, ...message]],
    ['more than it says', [0, 0, 0, 0, 2, ...message]],
    ['two messages', [0, 0, 0, 0, 3, ...message, 0, 0, 0, 0, 3, ...message]],
    ['a length of 4 GiB', [0, 0xff, 0xff, 0xff, 0xff, ...message]],
  ])('%s is malformed', (_, bytes) => {
    expect(() => unframe(Uint8Array.from(bytes))).toThrow(MalformedMessageError);
  });
});

test('whatever the bytes, there is a name or a message that says why not', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        expect(typeof serviceOf(bytes)).toBe('string');
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedMessageError);
      }
    }),
  );
});

test('the answer', () => {
  expect([...checkResponse(true)]).toEqual([0, 0, 0, 0, 2, 8, 1]);
  expect([...checkResponse(false)]).toEqual([0, 0, 0, 0, 2, 8, 2]);
});

test('a message is a header field', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (message) => {
      const field = encodeGrpcMessage(message);
      expect(field).toMatch(/^[ -~]*$/);
      expect(decodeURIComponent(field)).toBe(message);
    }),
  );
});
