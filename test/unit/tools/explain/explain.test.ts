import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { istioLine } from '../../../fixtures/explain/lines.ts';
import { runToolHere } from '../../../helpers/run-tool.ts';

const uh = istioLine({ flags: 'UH', details: 'no_healthy_upstream' });
const fine = istioLine({ status: 200, details: 'via_upstream' });
const log = `${uh}\n${fine}\n`;

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'mesh-shim-explain-'));
  writeFileSync(join(cwd, 'access.log'), log);
  writeFileSync(join(cwd, 'access.log.gz'), gzipSync(log));
  writeFileSync(join(cwd, 'access.log.zst'), zstdCompressSync(log));
  // Rotated and put together: gzip may have several members.
  writeFileSync(join(cwd, 'two.gz'), Buffer.concat([gzipSync(log), gzipSync(log)]));
  writeFileSync(join(cwd, 'broken.gz'), gzipSync(log).subarray(0, 30));
  writeFileSync(join(cwd, 'access.log.xz'), Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0));
  writeFileSync(join(cwd, 'line.log'), `\n${uh}\n`);
  writeFileSync(join(cwd, 'notes.txt'), 'one\ntwo\n');
  writeFileSync(join(cwd, 'empty.log'), '');
  mkdirSync(join(cwd, 'UF'));
  mkdirSync(join(cwd, 'logs.gz'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const explain = (args: string[], stdin: string | Uint8Array = '') => runToolHere('explain', args, { cwd, stdin });
const summary = /^web\.shop\.svc\.cluster\.local has no endpoint.*\n2 requests, 1 not answered/s;

describe('what was pasted', () => {
  it('is one text, however many words it was given as', async () => {
    const one = await explain(['503 UC']);
    expect(one).toMatchObject({ code: 0, stderr: '' });
    expect(one.stdout).toMatch(/^The service closed the connection/);
    expect(await explain(['503', 'UC'])).toEqual(one);
    expect((await explain(['RBAC:', 'access denied'])).stdout).toMatch(/\n {2}Retry {2}no /);
    // A folder of that name is not a log.
    expect((await explain(['UF'])).stdout).toMatch(/^The sidecar could not connect/);
  });

  it('may have several lines', async () => {
    const stack = 'Error: connect ECONNREFUSED 10.0.0.1:5432\n    at TCPConnectWrap (node:net:1611:16)';
    expect((await explain([stack])).stdout).toMatch(/^The connection was refused/);
    expect((await explain([log])).stdout).toMatch(summary);
    expect(await explain(['one\ntwo'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('is told as JSON', async () => {
    expect(JSON.parse((await explain(['--json', 'UH'])).stdout)).toMatchObject({ cause: 'no-healthy-upstream' });
    expect(JSON.parse((await explain(['--json', '-'], log)).stdout)).toMatchObject({ requests: 2, failed: 1 });
  });
});

describe('a log', () => {
  it.each(['access.log', 'access.log.gz', 'access.log.zst', './access.log'])('from %s', async (name) => {
    const run = await explain([name]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(summary);
  });

  it('from standard input, compressed or not', async () => {
    expect((await explain(['-'], log)).stdout).toMatch(summary);
    expect((await explain(['-'], gzipSync(log))).stdout).toMatch(summary);
  });

  it('from a pipe, and from several files', async () => {
    const fifo = join(cwd, 'pipe');
    expect(spawnSync('mkfifo', [fifo]).status).toBe(0);
    const writer = spawn('sh', ['-c', 'cat "$1" > "$0"', fifo, join(cwd, 'access.log')]);
    const written = once(writer, 'close');
    expect((await explain(['pipe'])).stdout).toMatch(summary);
    await written;
    expect((await explain(['access.log', 'two.gz'])).stdout).toContain('\n6 requests, 3 not answered');
  });

  it('of one line is explained as that line, or as what else it says', async () => {
    const { stdout } = await explain(['line.log']);
    expect(stdout).toContain('\n  Is     GET /a HTTP/1.1, status 503, UH');
    expect((await explain(['-'], 'UF\n')).stdout).toBe((await explain(['UF'])).stdout);
  });

  it('of which only what came lately counts', async () => {
    const old = istioLine({ flags: 'UF', time: '2020-01-01T00:00:00.000Z' });
    const now = istioLine({ flags: 'UC', time: new Date().toISOString() });
    const lately = await explain(['--since', '1h', '--json', '-'], `${old}\n${now}\n${old}\n`);
    expect(JSON.parse(lately.stdout)).toMatchObject({ requests: 1, tooOld: 2 });
    const since = await explain(['--since', '2019-01-01T00:00:00Z', '--json', '-'], `${old}\n${now}\n`);
    expect(JSON.parse(since.stdout)).toMatchObject({ requests: 2 });
    const none = await explain(['--since', '1h', '-'], `${old}\n${old}\n`);
    expect(none).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('all 2 lines of standard input are from before --since'),
    });
  });

  it('in a format of its own', async () => {
    const format = '%RESPONSE_CODE% %RESPONSE_FLAGS% to %UPSTREAM_CLUSTER% (%RESPONSE_CODE_DETAILS%)';
    const lines = '503 UH to web (no_healthy_upstream)\n200 - to web (via_upstream)\n';
    const run = await explain(['--format-string', format, '--json', '-'], lines);
    expect(JSON.parse(run.stdout)).toMatchObject({
      requests: 2,
      failed: 1,
      causes: [{ cause: 'no-healthy-upstream' }],
    });
  });

  it('fits the terminal', async () => {
    const widest = async (columns?: number) => {
      const run = await runToolHere('explain', ['503 UC'], {
        isTerminal: true,
        env: { NO_COLOR: '1' },
        ...(columns && { columns }),
      });
      return Math.max(...run.stdout.split('\n').map((line) => (line.includes('https:') ? 0 : line.length)));
    };
    expect(await widest()).toBeLessThanOrEqual(80);
    expect(await widest(60)).toBeLessThanOrEqual(72);
    expect(await widest(200)).toBeGreaterThan(120);
    expect((await runToolHere('explain', ['UF'], { isTerminal: true })).stdout).toContain('\u001b[1m');
    expect((await runToolHere('explain', ['UF'])).stdout).not.toContain('\u001b');
  });
});

describe('cannot explain', () => {
  const refusal = async (args: string[], text: RegExp, stdin = '') => {
    const run = await explain(args, stdin);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(text);
    expect(run.stderr.trimEnd()).not.toContain('\n');
    expect(run.stderr).not.toContain('did you mean');
  };

  it('nothing', async () => {
    for (const args of [[], [''], ['  ']])
      await refusal(args, /^mesh-shim explain: nothing to explain: name WHAT, a FILE/);
    await refusal(['-'], /nothing to explain: standard input is empty; is it the right pod/);
    await refusal(['-'], /nothing to explain: standard input is empty/, '\n \n');
    await refusal(['empty.log'], /nothing to explain: empty\.log is empty/);
  });

  it('what it does not know', async () => {
    await refusal(['hello'], /: nothing known in "hello"; known are an access log of Envoy, Istio or ztunnel/);
    await refusal(['XX'], /nothing known in "XX"/);
    await refusal(['a\0b'], /nothing known in "a\\u0000b"/);
    await refusal(['x'.repeat(5_000)], /"x{200}\.\.\."/);
    await refusal(['notes.txt'], /nothing known in notes\.txt: no line of its 2 is one of an access log/);
    await refusal(
      ['-'],
      /nothing known in standard input: .*no-access-log/,
      '2026-01-05T10:00:00Z\tinfo\tEnvoy proxy is ready\n',
    );
    expect((await explain(['-'], Uint8Array.of(0, 255, 10, 27))).code).toBe(2);
  });

  it('a file that is not there, or no file', async () => {
    for (const name of ['./nofile.log', 'access.txt', '/nowhere/at/all', '../x', 'a/b.log.gz', 'app.log.1']) {
      await refusal([name], /^mesh-shim explain: cannot read \S+: no such file\n$/);
    }
    await refusal(['access.log', 'other.log'], /cannot read other\.log: no such file/);
    await refusal(['./UF'], /cannot read \.\/UF: it is a folder/);
    await refusal(['logs.gz'], /cannot read logs\.gz: it is a folder/);
  });

  it('what is packed in another way, or broken', async () => {
    await refusal(['access.log.xz'], /unpack it: xz -dc access\.log\.xz \| mesh-shim explain -/);
    await refusal(['broken.gz'], /cannot read broken\.gz: unexpected end of file/);
  });

  it('with a bad option', async () => {
    await refusal(['--since', 'yesterday', 'UF'], /--since must be a duration .*, got "yesterday"/);
    await refusal(['--since', '2026-99-99', 'UF'], /--since must be/);
    for (const top of ['0', '-1', 'x', '1.5']) await refusal([`--top=${top}`, 'UF'], /--top must be/);
    await refusal(['--format-string', '%PROTOCOL%', 'UF'], /--format-string must be a format with %RESPONSE_CODE%/);
  });
});
