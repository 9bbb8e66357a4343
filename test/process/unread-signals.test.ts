import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** The listeners are taken off before the loop has told them of a signal that the handler has caught. */
const program = (signals: readonly string[]): string => `
import { unreadSignals } from './shim/node/unread-signals.ts';
const listener = () => console.log('told');
for (const name of ['SIGTERM', 'SIGINT']) process.on(name, listener);
for (const name of ${JSON.stringify(signals)}) process.kill(process.pid, name);
for (const name of ['SIGTERM', 'SIGINT']) process.removeListener(name, listener);
console.log(JSON.stringify(unreadSignals()), JSON.stringify(unreadSignals()));
process.exit();
`;

test.each([
  [['SIGTERM'], '[15] []\n'],
  [['SIGINT', 'SIGTERM'], '[2,15] []\n'],
  [[], '[] []\n'],
])('%j: %s', (signals, output) => {
  const run = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', program(signals)], {
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  expect(run.stdout).toBe(output);
});
