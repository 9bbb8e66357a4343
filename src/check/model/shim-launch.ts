import { parseCommandLine } from '../../command-line/command-line.ts';
import type { GivenValues, Settings } from '../../command-line/option-values.ts';
import { scuttleVariables } from '../../command-line/scuttle-variables.ts';
import { heedSwitch, readSettings, startsAnyway } from '../../command-line/settings.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Launcher } from './launcher.ts';
import { shellCommands } from './shell-commands.ts';

/** What mesh-shim does for an app, by its own rules of options and variables; undefined for a command that starts none. */
export function meshShim(args: readonly string[], env: ReadonlyMap<string, string>): Launcher | undefined {
  return orRefused('mesh-shim', args, () => {
    const line = parseCommandLine(args);
    if (line.kind !== 'command') return undefined;
    const settings = settingsOf(line.flags, env);
    const canQuit = settings.mesh.length > 0 || settings.quitUrl.length > 0;
    switch (line.name) {
      case 'run':
        return { tool: 'mesh-shim', waits: waits(settings), quits: canQuit && settings.quit !== 'never' };
      case 'wait':
        return { tool: 'mesh-shim', waits: waits(settings), quits: false };
      case 'quit':
        return { tool: 'mesh-shim', waits: false, quits: canQuit };
      default:
        return undefined;
    }
  });
}

/** scuttle knows its own variables alone, and does nothing without ENVOY_ADMIN_API. */
export function scuttle(env: ReadonlyMap<string, string>): Launcher | undefined {
  if ((env.get('ENVOY_ADMIN_API') ?? '').trim() === '') return { tool: 'scuttle', waits: false, quits: false };
  const own = new Map([...env].filter(([name]) => Object.hasOwn(scuttleVariables, name)));
  return orRefused('scuttle', [], () => {
    const settings = settingsOf(new Map(), own);
    return { tool: 'scuttle', waits: waits(settings), quits: settings.quit !== 'never' };
  });
}

/** Node with the preload, which waits before the app's first line and leaves the end to others. */
export function preload(args: readonly string[], env: ReadonlyMap<string, string>): Launcher | undefined {
  const options = [...shellCommands(env.get('NODE_OPTIONS') ?? '').flat(), ...args];
  const imported = options.flatMap((option, index) =>
    option === '--import' ? (options[index + 1] ?? []) : option.startsWith('--import=') ? option.slice(9) : [],
  );
  if (!imported.some(isPreload)) return undefined;
  return orRefused('mesh-shim', [], () => ({
    tool: 'mesh-shim',
    waits: waits(settingsOf(new Map(), env)),
    quits: false,
  }));
}

/** `mesh-shim/register` of the package, or its file in the folder that is mounted. */
function isPreload(module: string): boolean {
  return /(^|\/)mesh-shim\/(dist\/)?register(\.mjs)?$/.test(module);
}

/** For so long a sidecar takes at least; a shorter wait that lets the app start all the same protects nothing. */
const sidecarStartMs = 300;

function waits(settings: Settings): boolean {
  const { mesh, timeoutMs } = settings;
  return mesh.length > 0 && !(startsAnyway(settings) && timeoutMs > 0 && timeoutMs < sidecarStartMs);
}

function settingsOf(flags: GivenValues, env: ReadonlyMap<string, string>): Settings {
  return heedSwitch(readSettings(flags, env), () => {});
}

/** In a command that is refused the app never starts, so it cannot come too early; nobody ends the sidecar either. */
function orRefused(tool: Launcher['tool'], args: readonly string[], readLaunch: () => Launcher | undefined) {
  try {
    return readLaunch();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // A variable whose value only the cluster knows may be right.
    if (args.some((arg) => arg.includes('$'))) return { tool, waits: true, quits: true };
    return { tool, waits: true, quits: false, refused: error.message };
  }
}
