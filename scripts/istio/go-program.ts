import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGo } from '../run-go.ts';
import type { IstioSource } from './releases.ts';

/** What a program of this folder prints, in a Go module of its own: each release wants other versions of everything. */
export function runGoProgram(
  program: string,
  module: string,
  { version, instead = {} }: IstioSource,
  input = '',
): unknown {
  const work = mkdtempSync(join(tmpdir(), 'istio-facts-'));
  const go = (...args: string[]) => runGo(args, { cwd: work, input, env: { GOFLAGS: '-mod=mod' } });
  try {
    copyFileSync(join(import.meta.dirname, program, 'main.go'), join(work, 'main.go'));
    const replaced = Object.entries(instead).map(([name, other]) => `replace ${name} => ${name} ${other}\n`);
    writeFileSync(
      join(work, 'go.mod'),
      `module facts\n\ngo 1.24\n\nrequire ${module} ${version}\n${replaced.join('')}`,
    );
    go('mod', 'tidy');
    const source = go('list', '-m', '-f', '{{.Dir}}', module);
    // Istio logs to the standard output as well: the result is the last line.
    return JSON.parse(go('run', '.', source).split('\n').at(-1) ?? '');
  } finally {
    rmSync(work, { recursive: true });
  }
}
