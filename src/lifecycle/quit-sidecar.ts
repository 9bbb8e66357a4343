import { createAsker } from '../mesh/ask/asker.ts';
import { createCancelSource } from '../mesh/ask/cancel.ts';
import type { MeshName } from '../mesh/profiles/profiles.ts';
import { describeQuit, tellToQuit } from '../mesh/quit/tell-to-quit.ts';
import { nodeClock, nodeTransport } from '../sockets/node-transport.ts';
import { readQuitArguments } from './quit-sidecar-option-table.ts';

/** The sidecar did not take the request to quit: a Job's pod would stay. */
export class QuitSidecarError extends Error {
  override readonly name = 'QuitSidecarError';
  readonly code = 'QUIT_SIDECAR_FAILED';
}

/**
 * Tells the sidecar of this pod to quit, past every proxy setting. The POST is repeated while nothing listens or the
 * answer is 5xx, never after a 2xx, nor when it may have been heard. A connection that ends before the answer counts as
 * told: a proxy that quits at once has no time to finish it. For `dapr` and `cloud-sql-proxy` what DAPR_HTTP_PORT,
 * DAPR_API_TOKEN and CSQL_PROXY_QUIT_URLS say is heeded.
 *
 * @param sidecar a mesh's name, or the address that takes the POST: `http://HOST:PORT/PATH`
 * @param timeoutMs time limit of the whole effort in milliseconds; 1500 unless given, 0 means no limit
 * @throws QuitSidecarError when it answers other than 2xx or 5xx, or nobody has taken it in time
 * @throws MeshOptionError for a wrong argument
 */
export async function quitSidecar(sidecar: MeshName | `http://${string}`, timeoutMs?: number): Promise<void> {
  const told = readQuitArguments(sidecar, timeoutMs);
  const asker = createAsker(nodeTransport, nodeClock);
  const { signal } = createCancelSource();
  const context = { asker, clock: nodeClock, timeoutMs: told.timeoutMs, signal };
  const results = await Promise.all(told.targets.map((target) => tellToQuit(target, context)));
  asker.close();
  const failed = results.find(({ kind }) => kind !== 'taken');
  if (failed) throw new QuitSidecarError(describeQuit(failed));
}
