import { type MeshName, meshProfiles } from '../mesh/wait/profiles.ts';
import * as accepted from '../shared/accepted.ts';
import { createOptionReader, optionTable } from '../shared/option-table.ts';

interface QuitSettings {
  readonly mesh: MeshName;
  readonly timeoutMs: number;
}

/** The arguments of `quitSidecar`. */
export const quitSidecarOptionTable = optionTable<QuitSettings>({
  mesh: {
    ...accepted.oneOf(Object.keys(meshProfiles)),
    required: true,
    text: 'Whose sidecar is told.',
  },
  timeoutMs: {
    ...accepted.durationMs(1),
    default: 1_500,
    text: 'Time limit of each address that is tried.',
  },
});

const readTable = createOptionReader<QuitSettings>(quitSidecarOptionTable);

/** @throws MeshOptionError for an argument that is not accepted */
export function readQuitArguments(mesh: MeshName, timeoutMs: number | undefined): QuitSettings {
  return readTable('quitSidecar', { mesh, timeoutMs });
}
