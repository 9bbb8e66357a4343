/**
 * Makes everything ready that the tests need: `node scripts/setup.ts`. What is there already takes no time. The steps wait for
 * the network more than they work, so they run side by side.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

const steps = [
  ['scripts/build.ts'],
  ['scripts/build-native.ts'],
  ['scripts/fetch-envoy.ts', '--all'],
  ['scripts/fetch-schemas.ts'],
  ['scripts/fetch-servers.ts'],
] as const;

async function succeeds(step: readonly string[]): Promise<boolean> {
  const [code] = await once(spawn(process.execPath, step, { stdio: 'inherit' }), 'close');
  if (code !== 0) process.stderr.write(`node ${step.join(' ')} failed\n`);
  return code === 0;
}

const outcomes = await Promise.all(steps.map(succeeds));
process.exitCode = outcomes.every(Boolean) ? 0 : 1;
