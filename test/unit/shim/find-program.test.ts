import { expect, it } from 'vitest';
import { findProgram } from '../../../shim/find-program.ts';
import type { FileKind } from '../../../shim/host.ts';

const files: Record<string, FileKind> = {
  '/bin/app': 'program',
  '/opt/app': 'program',
  '/data/app': 'not-executable',
  '/dir/app': 'directory',
  '/locked/app': 'denied',
  '/round/app': 'link-loop',
  './app': 'program',
  here: 'program',
  '/usr/bin/standard': 'program',
};
const find = (command: string, path: string | undefined, args: string[] = []) =>
  findProgram(command, args, path, (file) => files[file] ?? 'missing');

it.each<[string, string, string | undefined, string]>([
  ['the first in PATH', 'app', '/none:/bin:/opt', '/bin/app'],
  ['what can be executed, behind what cannot', 'app', '/data:/dir:/locked:/opt', '/opt/app'],
  ['an empty part of PATH: the working directory', 'here', '/bin:', 'here'],
  ['an empty PATH: the working directory', 'here', '', 'here'],
  ['no PATH: where the system has its programs', 'standard', undefined, '/usr/bin/standard'],
  ['a path: itself', './app', '/bin', './app'],
])('%s', (_, command, path, found) => {
  expect(find(command, path)).toEqual({ path: found, argv: [command] });
});

it('the program sees its name as it was written, and its arguments', () => {
  expect(find('app', '/bin', ['', 'a b'])).toEqual({ path: '/bin/app', argv: ['app', '', 'a b'] });
});

it.each<[string, string, string, string, string]>([
  ['nowhere', 'nope', '/bin:/opt', 'not-found', 'ENOENT'],
  ['no such path', '/bin/nope', '/bin', 'not-found', 'ENOENT'],
  ['not executable', 'app', '/data:/none', 'not-executable', 'EACCES'],
  ['a directory', '/dir/app', '', 'not-executable', 'EISDIR'],
  ['a link to itself', '/round/app', '', 'not-executable', 'ELOOP'],
  ['behind a folder that is not ours', '/locked/app', '', 'not-executable', 'EACCES'],
])('%s', (_, command, path, reason, code) => {
  expect(find(command, path)).toEqual({ kind: 'failure', reason, code });
});
