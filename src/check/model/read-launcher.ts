import type { Launcher } from './launcher.ts';
import { meshShim, preload, scuttle } from './shim-launch.ts';
import type { StartCommand } from './start-commands.ts';

/** Who starts a container's app; undefined where nobody does who knows of the sidecar, or the image decides. */
export function readLauncher(
  commands: readonly StartCommand[],
  env: ReadonlyMap<string, string>,
): Launcher | undefined {
  const launchers = (commands.length === 0 ? [preload([], env)] : commands.map(read)).filter(
    (one) => one !== undefined,
  );
  const [first] = launchers;
  if (first === undefined) return undefined;
  const refused = launchers.find((one) => one.refused !== undefined)?.refused;
  return {
    tool: first.tool,
    waits: launchers.some(({ waits }) => waits),
    quits: launchers.some(({ quits }) => quits),
    ...(refused === undefined ? {} : { refused }),
  };
}

function read({ program, args, env }: StartCommand): Launcher | undefined {
  switch (program) {
    case 'mesh-shim':
      return meshShim(args, env);
    case 'scuttle':
      return scuttle(env);
    case 'linkerd-await':
      // What it tells to shut down is Linkerd's proxy.
      return { tool: program, waits: !isSet(env, 'LINKERD_DISABLED', 'LINKERD_AWAIT_DISABLED'), quits: false };
    case 'pilot-agent':
      return { tool: program, waits: args[0] === 'wait', quits: tellsToQuit(args) };
    default:
      return preload(program === 'node' ? args : [], env) ?? script(args);
  }
}

/** A command that asks the sidecar itself, as scripts with curl do. */
function script(words: readonly string[]): Launcher | undefined {
  const asksWhetherReady = words.some((word) => /:1502[01]\/healthz\/ready/.test(word));
  return asksWhetherReady || tellsToQuit(words)
    ? { tool: 'script', waits: asksWhetherReady, quits: tellsToQuit(words) }
    : undefined;
}

function tellsToQuit(words: readonly string[]): boolean {
  return words.some((word) => word.includes('quitquitquit'));
}

function isSet(env: ReadonlyMap<string, string>, ...names: readonly string[]): boolean {
  return names.some((name) => (env.get(name) ?? '').trim() !== '');
}
