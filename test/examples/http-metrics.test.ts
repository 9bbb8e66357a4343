import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the example prints what its README shows', () => {
  const readme = readFileSync('examples/http-metrics/README.md', 'utf8');
  const shown = /```text\n([\s\S]*?)```/.exec(readme)?.[1];
  const { stdout, stderr, status } = spawnSync(process.execPath, ['examples/http-metrics/main.ts'], {
    encoding: 'utf8',
  });
  expect({ stdout, stderr: stderr.replace(/.*ExperimentalWarning[\s\S]*/, ''), status }).toEqual({
    stdout: shown,
    stderr: '',
    status: 0,
  });
});
