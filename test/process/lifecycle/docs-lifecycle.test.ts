import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createPackageApp, repository } from '../../helpers/package-app.ts';
import { blockNamed } from '../../helpers/page-blocks.ts';
import { programOf } from '../../helpers/page-code.ts';
import { startStandInSidecar } from '../../helpers/stand-in-sidecar.ts';
import { rows } from '../../pages/rows.ts';

const app = createPackageApp(join(repository, 'node_modules'));
afterAll(() => app.remove());

// The address of Istio's agent is in use on a machine that has one: a stand-in takes its place.
test('the Job of the page ends by itself, and its sidecar is told after its hooks', async () => {
  const agent = await startStandInSidecar();
  const block = blockNamed('docs/lifecycle.md#a-job');
  const code = programOf(block, rows[block.name]).replace(
    "'istio'",
    `async () => void (await fetch('${agent.url}/quitquitquit', { method: 'POST' }))`,
  );
  const { stdout, stderr } = await app.run(process.execPath, [app.write('job.ts', code)]);
  expect(stdout, stderr).toBe('work ended\npool ended\n');
  expect(agent.quits()).toHaveLength(1);
});
