import { InvalidValue, header as parseHeader } from '../src/command-line/option-parsers.ts';
import type { Settings } from '../src/command-line/option-values.ts';
import type { ReadVariable } from '../src/mesh/profiles/mesh-profile.ts';
import type { Mesh } from '../src/mesh/profiles/profiles.ts';
import { type QuitTarget, quitTargetsOf } from '../src/mesh/quit/quit-target.ts';
import { describeQuit, type QuitContext, tellToQuit } from '../src/mesh/quit/tell-to-quit.ts';
import { formatDuration } from '../src/text/durations.ts';
import type { Host } from './host.ts';
import type { Log } from './log.ts';
import type { SidecarsFound } from './wait.ts';

/** Whom the settings mean, by what the wait has found out. */
export function quitTargets(
  { quitUrl, mesh, addresses }: Pick<Settings, 'quitUrl' | 'mesh' | 'addresses'>,
  read: ReadVariable,
  { found = 'unknown', header }: { readonly found?: SidecarsFound; readonly header?: string | undefined } = {},
): QuitTarget[] {
  const targetsAt = (owner: Mesh | undefined): QuitTarget[] => {
    // Its token goes wherever it is said to be, and never to an address that is nobody's.
    const usual = owner && quitTargetsOf(owner, { read })[0];
    const others = { header: header ?? usual?.header, advice: usual?.advice };
    return quitUrl.flatMap(({ mesh: whose, endpoint }) =>
      whose === owner ? { endpoints: [endpoint], ...others } : [],
    );
  };
  // Whom the user names is told whatever has been found.
  const named = targetsAt(undefined);
  const ofSidecars = mesh.flatMap((name): QuitTarget[] => {
    const own = targetsAt(name);
    if (own.length > 0 || named.length > 0) return own;
    const sidecar = found === 'unknown' ? undefined : found.find((one) => one.mesh === name);
    if (found !== 'unknown' && !sidecar) return [];
    const { serverInfo } = sidecar ?? {};
    const targets = quitTargetsOf(name, { adminUrl: addresses.get(name)?.admin, serverInfo, read });
    return targets.map((target) => ({ ...target, header: header ?? target.header }));
  });
  return [...named, ...ofSidecars];
}

/**
 * What is sent along: of a file as it stands at this moment, for secrets are renewed. One that cannot be used is told, and the
 * quit is sent without it.
 */
export function readQuitHeader(
  { quitHeader, quitHeaderFile }: Pick<Settings, 'quitHeader' | 'quitHeaderFile'>,
  { readTextFile }: Pick<Host, 'readTextFile'>,
  log: Log,
): string | undefined {
  if (quitHeaderFile === undefined) return quitHeader;
  const text = readTextFile(quitHeaderFile);
  if (text === undefined) log.warn(`--quit-header-file: cannot read ${quitHeaderFile}`);
  else {
    try {
      return parseHeader(text.trim());
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      log.warn(`--quit-header-file: bad value in ${quitHeaderFile}: ${error.message}`);
    }
  }
  return quitHeader;
}

/** Tells all, side by side, and the log what came of each. Resolves with whether each has taken it. */
export async function tellAllToQuit(
  targets: readonly QuitTarget[],
  { log, ...context }: QuitContext & { readonly log: Log },
): Promise<boolean> {
  const taken = await Promise.all(
    targets.map(async (target) => {
      const limit = context.timeoutMs === 0 ? '' : ` for up to ${formatDuration(context.timeoutMs)}`;
      const onRetry = (said: string): void =>
        log.info(`the sidecar has not taken the quit yet, trying${limit}: ${said}`);
      const result = await tellToQuit(target, { ...context, onRetry });
      const isTaken = result.kind === 'taken';
      log[isTaken ? 'info' : 'warn'](describeQuit(result));
      return isTaken;
    }),
  );
  return taken.every(Boolean);
}
