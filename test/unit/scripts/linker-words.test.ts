import { expect, it } from 'vitest';
import { wordsOf } from '../../../scripts/native/engine.ts';

it('the words of a command keep the blanks of folders', () => {
  const folders = ['/home/a b/cache', '/opt/zig'];
  expect(wordsOf('ld.lld -o /home/a b/cache/x /opt/zig/lib.a /home/a b/cache/a b.o', folders.slice(0, 1))).toEqual([
    'ld.lld',
    '-o',
    '/home/a b/cache/x',
    '/opt/zig/lib.a',
    '/home/a b/cache/a',
    'b.o',
  ]);
  expect(wordsOf('ld.lld /opt/zig/lib.a', folders)).toEqual(['ld.lld', '/opt/zig/lib.a']);
});
