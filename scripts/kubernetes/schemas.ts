import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The version whose schemas the tests use; no field that is unknown to it passes. */
const version = '1.37.0';

export const schemasRequirements = join(import.meta.dirname, 'schemas.txt');

/** Where the wheel's schemas are unpacked. */
export const schemasFolder = join(import.meta.dirname, '..', '..', '.cache', `kubernetes-${version}`);

/** The part of the wheel that is wanted. */
export const insideWheel = `kubernetes_validate/kubernetes-json-schema/v${version}-local-strict`;

/** The folder with a schema for each kind, or undefined where `npm run schemas` has not fetched them. */
export function kubernetesSchemas(): string | undefined {
  const path = join(schemasFolder, insideWheel);
  return existsSync(path) ? path : undefined;
}
