import { createAsker } from '../mesh/ask/asker.ts';
import { createCancelSource } from '../mesh/ask/cancel.ts';
import { EndpointError, parseHttpUrl } from '../mesh/ask/endpoint.ts';
import { type QuitTarget, quitTargetOf } from '../mesh/quit/quit-target.ts';
import { describeQuit, tellToQuit } from '../mesh/quit/tell-to-quit.ts';
import { isMeshName, type MeshName, meshProfiles } from '../mesh/wait/profiles.ts';
import { MeshOptionError } from '../shared/option-error.ts';
import { nodeClock, nodeTransport } from '../sockets/node-transport.ts';

/** The sidecar did not take the request to quit: a Job's pod would stay. */
export class QuitSidecarError extends Error {
  override readonly name = 'QuitSidecarError';
  readonly code = 'QUIT_SIDECAR_FAILED';
}

/**
 * Tells the sidecar of this pod to quit, past every proxy setting. The POST is repeated while nothing listens or the
 * answer is 5xx, never after a 2xx, nor when it may have been heard. A connection that ends before the answer counts as
 * told: a proxy that quits at once has no time to finish it.
 *
 * @param sidecar a mesh's name, or the address that takes the POST: `http://HOST:PORT/PATH`
 * @param timeoutMs the whole effort in milliseconds, 1,500 by default; 0: without limit
 * @throws QuitSidecarError when it answers other than 2xx or 5xx, or nobody has taken it in time
 * @throws MeshOptionError for a mesh that is not known, an address that cannot be asked, or a limit that is no number
 */
export async function quitSidecar(sidecar: MeshName | `http://${string}`, timeoutMs = 1_500): Promise<void> {
  const target = readTarget(sidecar);
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
    throw new MeshOptionError(`quitSidecar: timeoutMs must be milliseconds >= 0, got ${String(timeoutMs)}`);
  }
  const asker = createAsker(nodeTransport, nodeClock);
  const { signal } = createCancelSource();
  const result = await tellToQuit(target, { asker, clock: nodeClock, timeoutMs, signal });
  asker.close();
  if (result.kind !== 'taken') throw new QuitSidecarError(describeQuit(result));
}

function readTarget(sidecar: unknown): QuitTarget {
  if (typeof sidecar === 'string') {
    if (isMeshName(sidecar)) return quitTargetOf(sidecar);
    if (sidecar.includes('://')) return { endpoints: [readAddress(sidecar)], notFound: undefined };
  }
  const accepted = `one of ${Object.keys(meshProfiles).join(', ')}, or http://HOST:PORT/PATH`;
  throw new MeshOptionError(`quitSidecar: the sidecar must be ${accepted}, got ${shown(sidecar)}`);
}

function readAddress(text: string) {
  try {
    return parseHttpUrl(text);
  } catch (error) {
    throw error instanceof EndpointError ? new MeshOptionError(`quitSidecar: ${error.message}`) : error;
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
