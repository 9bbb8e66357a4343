import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { expect, it } from 'vitest';
import { istioApis } from '../../../scripts/istio/releases.ts';

const compare = (version: string) =>
  spawnSync(process.execPath, ['scripts/test-newest-istio.ts', version], { encoding: 'utf8' });

const [[, older = ''] = [], [known = '', newest = ''] = []] = Object.entries(istioApis).slice(-2);

it('finds nothing where the version is the known one', () => {
  const { status, stdout, stderr } = compare(newest);
  expect(stderr).toBe('');
  expect(stdout.match(/none differs/g)).toHaveLength(2);
  expect(status).toBe(0);
}, 300_000);

it('names what differs', () => {
  const { status, stdout, stderr } = compare(older.replace('v', ''));
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^ {2}- (new|gone|changed): `/m);
  expect(stdout).toContain(`beside what is committed of ${known} (${newest})`);
  expect(stdout).toMatch(/\nThis version is older than what is committed\.\n$/);
  expect(status).toBe(1);
}, 300_000);

it('says which versions there are', () => {
  const { status, stderr } = compare('1.2.99');
  expect(stderr).toMatch(/^istio\.io\/api has no version "1\.2\.99" on the Go proxy; the newest is \d+\.\d+\.\d+\n$/);
  expect(status).toBe(1);
});
