import process from 'node:process';
import { EndpointError, parseHttpUrl } from '../mesh/ask/endpoint.ts';
import { isMeshName, type MeshName, meshNames } from '../mesh/profiles/profiles.ts';
import { type QuitTarget, quitTargetsOf } from '../mesh/quit/quit-target.ts';
import * as accepted from '../shared/accepted.ts';
import { createOptionReader, optionTable } from '../shared/option-table.ts';

interface QuitSettings {
  readonly sidecar: MeshName | `http://${string}`;
  readonly timeoutMs: number;
}

/** The arguments of `quitSidecar`. */
export const quitSidecarOptionTable = optionTable<QuitSettings>({
  sidecar: {
    ...accepted.either(
      `a mesh (${meshNames.join(', ')}) or http://HOST:PORT/PATH`,
      (value) => typeof value === 'string' && value.includes('://'),
      accepted.readable('an address: http://HOST:PORT/PATH', parseHttpUrl, EndpointError),
      accepted.oneOf(meshNames),
    ),
    required: true,
    text: 'Whose sidecar is told: a mesh, or the address that takes the POST.',
  },
  timeoutMs: {
    ...accepted.durationMs(0),
    default: 1_500,
    text: 'Time limit of the whole effort; 0 means no limit.',
  },
});

const readTable = createOptionReader<QuitSettings>(quitSidecarOptionTable);

/** @throws MeshOptionError for an argument that is not accepted */
export function readQuitArguments(
  sidecar: QuitSettings['sidecar'],
  timeoutMs: number | undefined,
): { readonly targets: readonly QuitTarget[]; readonly timeoutMs: number } {
  const settings = readTable('quitSidecar', { sidecar, timeoutMs });
  const targets = isMeshName(settings.sidecar)
    ? quitTargetsOf(settings.sidecar, { read: (name) => process.env[name] })
    : [{ endpoints: [parseHttpUrl(settings.sidecar)] }];
  return { targets, timeoutMs: settings.timeoutMs };
}
