import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainText } from '../../../src/explain/explain-text.ts';
import { runToolHere } from '../../helpers/run-tool.ts';

const line = '{"response_code":503,"response_flags":"UH","upstream_cluster":"a"}';
const log = `${line}\n{"response_code":200,"response_flags":"-"}\n`;
const subjects =
  'a response flag, a status, the body of a reply, a line of an access log, a file, or - for standard input';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'mesh-shim-explain-'));
  writeFileSync(join(cwd, 'access.log'), log);
  writeFileSync(join(cwd, 'line.log'), `\n${line}\n`);
  writeFileSync(join(cwd, 'notes.txt'), 'one\ntwo\n');
  mkdirSync(join(cwd, 'UF'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const explain = (args: string[], stdin = '') => runToolHere('explain', args, { cwd, stdin });
const refusal = (text: string) => ({ code: 2, stdout: '', stderr: `mesh-shim explain: ${text}\n` });

it('explains what it is given, as one text', async () => {
  const expected = { code: 0, stdout: explainText('UF'), stderr: '' };
  // A folder of that name is not a log.
  expect(await explain(['UF'])).toEqual(expected);
  expect(await explain([' uf '])).toEqual(expected);
  const body = await explain(['no', 'healthy', 'upstream']);
  expect(body).toEqual({ code: 0, stdout: explainText('no healthy upstream'), stderr: '' });
  expect((await explain(['RBAC:', 'access denied'])).stdout).toMatch(/Retry: no\.\n$/);
});

it('a log: from a file, a pipe or standard input', async () => {
  const summary = /^2 requests; response flags:\n {2}UH: 1 time /;
  expect((await explain(['access.log'])).stdout).toMatch(summary);
  expect((await explain(['-'], log)).stdout).toMatch(summary);
  const fifo = join(cwd, 'pipe');
  expect(spawnSync('mkfifo', [fifo]).status).toBe(0);
  const writer = spawn('sh', ['-c', 'cat "$1" > "$0"', fifo, join(cwd, 'access.log')]);
  expect((await explain(['pipe'])).stdout).toMatch(summary);
  await once(writer, 'close');
});

it('a log of one line is explained as that line, or as what else it says', async () => {
  expect((await explain(['line.log'])).stdout).toBe(explainText(line));
  expect((await explain(['-'], 'UF\n')).stdout).toBe(explainText('UF'));
});

describe('cannot explain', () => {
  it('nothing', async () => {
    for (const args of [[], [''], ['  ']])
      expect(await explain(args)).toEqual(refusal(`nothing to explain; name ${subjects}`));
  });

  it('what it does not know', async () => {
    expect(await explain(['hello'])).toEqual(refusal(`cannot explain "hello"; name ${subjects}`));
    expect(await explain(['UFX'])).toEqual(refusal('cannot explain "UFX"; did you mean UF?'));
    expect(await explain(['a\0b'])).toEqual(refusal(`cannot explain "a\\u0000b"; name ${subjects}`));
    const long = 'x'.repeat(200);
    expect((await explain([long])).stderr).toContain(`"${long}";`);
    expect((await explain([`${long}y`])).stderr).toContain(`"${long}...";`);
    expect((await explain(['x'.repeat(5_000)])).code).toBe(2);
  });

  it('a file or an input without a line of an access log', async () => {
    const none = 'no line of it is one of an access log of Istio or Envoy (default format, text or JSON)';
    expect(await explain(['notes.txt'])).toEqual(refusal(`cannot explain notes.txt: ${none}`));
    expect(await explain(['-'], 'x')).toEqual(refusal(`cannot explain standard input: ${none}`));
    expect(await explain(['-'])).toEqual(refusal(`cannot explain standard input: ${none}`));
    expect((await runToolHere('explain', ['-'], { stdin: Uint8Array.of(0, 255, 10, 27) })).code).toBe(2);
  });
});
