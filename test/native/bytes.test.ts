import { expect, it } from 'vitest';
import { executable, runToEnd, staticApp } from './executables.ts';

const hex = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('hex');

/** Through a shell's printf: Node could not hand such bytes on itself. */
const withBytes = (command: string): string[] =>
  runToEnd(['sh', '-c', command, 'sh', executable('x64'), staticApp('x64')])
    .stdout.toString()
    .split('\n');

it.each(['', '--supervise'])('argv and env reach the app byte for byte %s', (option) => {
  const lines = withBytes(
    `export BYTES="$(printf 'a\\377\\200z')"; exec "$1" --mesh none ${option} -- "$2" report "$(printf '\\303(\\376')" "$(printf 'caf\\303\\251')" ''`,
  );
  expect(lines.filter((line) => line.startsWith('arg')).slice(2)).toEqual([
    `arg ${hex('\xc3(\xfe')}`,
    `arg ${hex('caf\xc3\xa9')}`,
    'arg ',
  ]);
  expect(lines).toContain(`env ${hex('BYTES=a\xff\x80z')}`);
});

it('a path that is not UTF-8 is found and named in the log as it is', () => {
  const lines = withBytes(
    `dir=$(mktemp -d); app="$dir/$(printf '\\377app')"; cp "$2" "$app"; PATH="$dir:$PATH" "$1" --mesh none -- "$(printf '\\377app')"; echo "code $?"; rm -r "$dir"`,
  );
  expect(lines).toContain('arg ff617070');
  expect(lines).toContain('code 0');
});

it('what is ignored at the start stays ignored in the app, and nothing else is', () => {
  const lines = withBytes(`trap '' HUP PIPE CHLD; exec "$1" --mesh none -- "$2"`);
  const ignored = [1, 13].map((number) => 1n << BigInt(number - 1)).reduce((a, b) => a | b);
  const line = lines.find((text) => text.startsWith('ignored')) ?? '';
  expect(BigInt(`0x${line.slice(8)}`) & ignored).toBe(ignored);
  expect(lines).toContain('mask 0');
  expect(withBytes(`exec "$1" --mesh none --supervise -- "$2"`)).toContain('ignored 0');
});

it('reaps orphans as a subreaper, too', () => {
  const orphan = [staticApp('x64'), 'orphan'];
  expect(runToEnd([executable('x64'), '--mesh', 'none', '--subreaper', '--', ...orphan]).status).toBe(0);
});
