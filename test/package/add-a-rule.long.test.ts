import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { expect, it, onTestFinished } from 'vitest';
import { copyRepository } from '../helpers/repository-copy.ts';

interface Step {
  readonly path: string;
  readonly language: string;
  readonly code: string;
}

/** The numbered steps of a part, each with its fenced block. */
function stepsOf(heading: string): Step[] {
  const guide = readFileSync('CONTRIBUTING.md', 'utf8');
  const part = guide.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  const blocks = part.matchAll(/^\d\. (.*\n(?:.*\n)*?)\n {3}```(\w+)\n((?:.*\n)*?) {3}```/gm);
  return [...blocks].map(([, words = '', language = '', code = '']) => ({
    path: /`([\w./-]+)`/.exec(words)?.[1] ?? '',
    language,
    code: code.replaceAll(/^ {3}/gm, ''),
  }));
}

it('a rule can be added by the steps of CONTRIBUTING.md', () => {
  const steps = stepsOf('Add a rule');
  expect(steps.map(({ language }) => language)).toEqual(['ts', 'ts', 'yaml', 'yaml', 'yaml', 'sh']);
  const copy = copyRepository();
  onTestFinished(() => copy.remove());
  for (const { path, language, code } of steps.slice(0, -1)) {
    const file = join(copy.folder, path);
    if (language === 'ts' && existsSync(file)) appendFileSync(file, code);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, code);
    }
  }
  const commands = steps.at(-1)?.code ?? 'exit 99';
  // As somebody without Go does it; CI then asks for the record.
  const { CI: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync('sh', ['-exc', commands], { cwd: copy.folder, encoding: 'utf8', env });
  expect({ status, output: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, output: '' });
  expect(readFileSync(join(copy.folder, 'docs/rules/shared-processes.md'), 'utf8')).toContain('No init of a container');
}, 600_000);
