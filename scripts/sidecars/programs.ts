import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The programs of other meshes that the Go module proxy has whole. go.mod says of which versions, go.sum that they are the true ones. */
export const sidecarPrograms = {
  daprd: {
    module: 'github.com/dapr/dapr',
    package: './cmd/daprd',
    // Without the hundred components, each with the client of another cloud: that would be most of the build.
    replaced: { 'cmd/daprd/components/zz_notag.go': 'no-components.go' },
  },
  'cloud-sql-proxy': { module: 'github.com/GoogleCloudPlatform/cloud-sql-proxy/v2', package: '.', replaced: {} },
} as const satisfies Record<string, SidecarProgram>;

export interface SidecarProgram {
  readonly module: string;
  readonly package: string;
  /** Files of the module, and those of this folder that stand in their places. */
  readonly replaced: Readonly<Record<string, string>>;
}

export type SidecarProgramName = keyof typeof sidecarPrograms;

export const sidecarProgramNames = Object.keys(sidecarPrograms) as SidecarProgramName[];

/** As in 1.2.3. */
export function sidecarVersion(name: SidecarProgramName): string {
  const { module } = sidecarPrograms[name];
  const line = readFileSync(join(import.meta.dirname, 'go.mod'), 'utf8')
    .split('\n')
    .find((text) => text.trim().startsWith(`${module} v`));
  const version = line?.trim().slice(module.length + 2);
  if (version === undefined) throw new Error(`scripts/sidecars/go.mod does not require ${module}`);
  return version;
}

/** Where it lies, once `npm run setup -- --long` has built it. */
export function sidecarBinary(name: SidecarProgramName): string {
  return join(import.meta.dirname, '..', '..', '.cache', `${name}-${sidecarVersion(name)}`, name);
}
