import { once } from 'node:events';
import { expect, it } from 'vitest';
import { istioLine } from '../fixtures/explain/lines.ts';
import { spawnTool } from '../helpers/run-tool.ts';
import { until } from '../helpers/until.ts';

function follow(...args: string[]) {
  const child = spawnTool(['explain', ...args, '-']);
  let stdout = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  const ended = once(child, 'close');
  return { child, ended, stdout: () => stdout };
}

it('a log that goes on is reported as it comes, and summed up at its end', async () => {
  const { child, ended, stdout } = follow();
  child.stdin.write(`${istioLine({ flags: 'UH' })}\n`);
  await until('the first cause', async () => stdout().includes('10:00:00 no-healthy-upstream: '));
  child.stdin.write(`${istioLine({ flags: 'UC' })}\n${istioLine({ flags: 'UC' })}\n`);
  await until('the second cause', async () => stdout().includes('10:00:00 server-closed: '));
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
  expect(stdout()).toContain('\n3 requests, 3 not answered as they should be');
});

it('is summed up when a signal ends it, and the exit code says so', async () => {
  const { child, ended, stdout } = follow();
  child.stdin.write(`${istioLine({ flags: 'UH' })}\n${istioLine({ flags: 'UC' })}\n`);
  await until('the first cause', async () => stdout().includes('no-healthy-upstream: '));
  child.kill('SIGINT');
  expect(await ended).toEqual([130, null]);
  expect(stdout()).toContain('\n2 requests, 2 not answered');
});
