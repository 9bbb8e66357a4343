import type { Settings } from '../src/command-line/options.ts';
import { type QuitTarget, quitTargetOf } from '../src/mesh/quit/quit-target.ts';
import { describeQuit, type QuitContext, tellToQuit } from '../src/mesh/quit/tell-to-quit.ts';
import type { Log } from './log.ts';
import type { SidecarFindings } from './wait.ts';

/** Whom the settings mean, by what the wait has found out. */
export function quitTargets(
  { quitUrl, mesh, adminUrl }: Pick<Settings, 'quitUrl' | 'mesh' | 'adminUrl'>,
  { presence, serverInfo }: SidecarFindings = { presence: 'unknown' },
): QuitTarget[] {
  // Whom the user names is told whatever has been found.
  if (quitUrl.length > 0) return quitUrl.map((endpoint) => ({ endpoints: [endpoint], notFound: undefined }));
  return presence === 'none' ? [] : mesh.map((name) => quitTargetOf(name, adminUrl, serverInfo));
}

/** Tells all, side by side, and the log what came of each. Resolves with whether each has taken it. */
export async function tellAllToQuit(
  targets: readonly QuitTarget[],
  { log, ...context }: QuitContext & { readonly log: Log },
): Promise<boolean> {
  const taken = await Promise.all(
    targets.map(async (target) => {
      const result = await tellToQuit(target, context);
      const isTaken = result.kind === 'taken';
      log[isTaken ? 'info' : 'warn'](describeQuit(result));
      return isTaken;
    }),
  );
  return taken.every(Boolean);
}
