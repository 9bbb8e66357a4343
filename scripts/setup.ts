/**
 * Makes everything ready that the tests need: `npm run setup`, and with `-- --long` what the long ones need besides. What is there
 * already takes no time. The steps wait for the network more than they work, so they run side by side.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

const steps: readonly (readonly string[])[] = [
  ['scripts/build.ts'],
  ['scripts/build-native.ts'],
  ['scripts/fetch-envoy.ts', '--all'],
  ['scripts/fetch-schemas.ts'],
  ['scripts/fetch-servers.ts'],
];
const longSteps: readonly (readonly string[])[] = [
  ['scripts/fetch-qemu.ts'],
  ['scripts/fetch-long-servers.ts'],
  ['scripts/fetch-apps.ts'],
];

async function succeeds(step: readonly string[]): Promise<boolean> {
  const [code] = await once(spawn(process.execPath, step, { stdio: 'inherit' }), 'close');
  if (code !== 0) process.stderr.write(`node ${step.join(' ')} failed\n`);
  return code === 0;
}

const outcomes = await Promise.all(steps.map(succeeds));
// After the others: apt-get, which some of both kinds call, runs once at a time.
if (process.argv.includes('--long')) outcomes.push(...(await Promise.all(longSteps.map(succeeds))));
process.exitCode = outcomes.every(Boolean) ? 0 : 1;
