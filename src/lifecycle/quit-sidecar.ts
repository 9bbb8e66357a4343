import { request } from 'node:http';
import { type MeshName, type MeshProfile, meshProfiles } from '../mesh/wait/profiles.ts';
import { readQuitArguments } from './quit-sidecar-option-table.ts';

/** The sidecar did not take the request to quit: a Job's pod would stay. */
export class QuitSidecarError extends Error {
  override readonly name = 'QuitSidecarError';
  readonly code = 'QUIT_SIDECAR_FAILED';
}

/**
 * Tells the sidecar of this pod to quit, once, over loopback and past every proxy setting.
 *
 * @param timeoutMs time limit of each address that is tried, in milliseconds; 1500 unless given
 * @throws QuitSidecarError when it cannot be reached or answers other than 2xx
 * @throws MeshOptionError for a wrong argument
 */
export async function quitSidecar(mesh: MeshName, timeoutMs?: number): Promise<void> {
  const told = readQuitArguments(mesh, timeoutMs);
  const profile: MeshProfile = meshProfiles[told.mesh];
  await postQuit(profile.quitUrl ?? `${profile.adminUrl}/quitquitquit`, told.timeoutMs, profile.quitNotFound);
}

/** The same at an address of one's own. `localhost` is tried as 127.0.0.1, then as ::1: sidecars listen on either. */
export async function postQuit(url: string, timeoutMs: number, on404?: string): Promise<void> {
  const { hostname, port, pathname } = new URL(url);
  const hosts = hostname === 'localhost' ? ['127.0.0.1', '::1'] : [hostname];
  let last: unknown;
  for (const host of hosts) {
    try {
      const status = await post(host, Number(port), pathname, timeoutMs);
      if (status >= 200 && status < 300) return;
      const advice = status === 404 && on404 ? `: ${on404}` : '';
      throw new QuitSidecarError(`the sidecar answered ${status} to POST ${url}, so it stays${advice}`);
    } catch (error) {
      last = error;
      // Only when nobody listened: a quit that may have been heard is not repeated.
      if (!(error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')) break;
    }
  }
  if (last instanceof QuitSidecarError) throw last;
  const reason = last instanceof Error ? last.message : String(last);
  throw new QuitSidecarError(`the sidecar could not be told to quit by POST ${url}: ${reason}`, { cause: last });
}

function post(host: string, port: number, path: string, timeoutMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const sent = request(
      { host, port, path, method: 'POST', agent: false, signal, headers: { 'content-length': 0 } },
      (reply) => {
        reply.resume();
        resolve(reply.statusCode ?? 0);
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}
