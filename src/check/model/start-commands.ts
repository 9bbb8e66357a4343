import { type Dict, list, text } from '../read/values.ts';
import { expandReferences } from './environment.ts';
import { shellCommands } from './shell-commands.ts';
import { shellInvocation } from './shell-invocation.ts';

/** A program that the start of a container runs. */
export interface StartCommand {
  /** Its file's name, without the folders; `mesh-shim` for every form of it. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
}

/** Programs that start an app and have to do with its sidecar. */
export const launcherPrograms = ['mesh-shim', 'scuttle', 'linkerd-await', 'pilot-agent'] as const;

const shells: readonly string[] = ['sh', 'ash', 'bash', 'dash', 'zsh'];

/** Programs that start another one, and how many operands of their own come before it. */
const wrappers: ReadonlyMap<string, number> = new Map([
  ...[
    'busybox',
    'catatonit',
    'command',
    'dumb-init',
    'env',
    'exec',
    'nice',
    'nohup',
    'npx',
    'setsid',
    'time',
    'tini',
  ].map((name) => [name, 0] as const),
  ...['gosu', 'npm', 'pnpm', 'su-exec', 'timeout'].map((name) => [name, 1] as const),
]);

/** Options of Node with the value in a word of its own. */
const nodeValueOptions: readonly string[] = ['-r', '--require', '--import', '--loader', '-C', '--conditions'];

/**
 * The programs that a container starts, seen through shells and wrappers such as tini. Empty where the image's entrypoint
 * decides, which manifests do not tell.
 */
export function startCommands(container: Dict, env: ReadonlyMap<string, string>): readonly StartCommand[] {
  const read = (field: string) => list(container[field]).map((word) => expandReferences(String(word), env));
  const [command, args] = [read('command'), read('args')];
  // The image that carries mesh-shim has it as its entrypoint. In any other, arguments may be a command line of their own.
  const isShimImage = /(^|\/)mesh-shim([:@]|$)/.test(text(container.image) ?? '');
  return resolve([...(command.length === 0 && isShimImage ? ['mesh-shim'] : command), ...args], env);
}

function resolve(words: readonly string[], env: ReadonlyMap<string, string>): StartCommand[] {
  const [first, ...args] = words;
  if (first === undefined) return [];
  const [, variable, value] = assignment.exec(first) ?? [];
  if (variable !== undefined) return resolve(args, new Map([...env, [variable, value ?? '']]));
  const program = programName(first);
  if (isLauncher(program)) return [{ program, args, env }];
  const script = shells.includes(program) ? scriptOf(args) : undefined;
  if (script !== undefined) return resolveScript(script, env);
  const inner = args.slice(innerIndex(program, args));
  return inner.length > 0 ? resolve(inner, env) : [{ program, args, env }];
}

const assignment = /^([A-Za-z_]\w*)=(.*)$/s;

/** `npx mesh-shim@1` names a version, and a bundle ends in `.cjs`. */
function programName(path: string): string {
  if (path.endsWith('mesh-shim/dist/cli.mjs')) return 'mesh-shim';
  return path.slice(path.lastIndexOf('/') + 1).replace(/^mesh-shim(\.cjs|@.*)$/, 'mesh-shim');
}

function isLauncher(program: string): boolean {
  return launcherPrograms.some((name) => name === program);
}

/** The script of `sh -c SCRIPT NAME ARG...`, with ARG... where it says "$@". */
function scriptOf(args: readonly string[]): string[][] | undefined {
  const invocation = shellInvocation(args);
  if (invocation === undefined) return undefined;
  const [script = '', , ...operands] = args.slice(invocation.scriptAt);
  return shellCommands(script).map((words) => words.flatMap((word) => (word === '$@' ? operands : [word])));
}

function resolveScript(commands: readonly string[][], outer: ReadonlyMap<string, string>): StartCommand[] {
  const env = new Map(outer);
  return commands.flatMap(([program = '', ...args]) => {
    if (program !== 'export') return resolve([program, ...args], env);
    for (const [, variable = '', value = ''] of args.flatMap((arg) => [assignment.exec(arg) ?? []]))
      env.set(variable, value);
    return [];
  });
}

/** Where the words of the program begin that this one starts; behind the last word, if it starts none that is known. */
function innerIndex(program: string, args: readonly string[]): number {
  const operands = wrappers.get(program);
  const isOption = (word: string | undefined) => word?.startsWith('-') === true;
  let index = 0;
  if (operands !== undefined) {
    while (isOption(args[index])) index += 1;
    return index + operands;
  }
  if (program === 'node') {
    while (isOption(args[index])) index += nodeValueOptions.includes(args[index] ?? '') ? 2 : 1;
    return isLauncher(programName(args[index] ?? '')) ? index : args.length;
  }
  index = args.indexOf('--') + 1;
  return index > 0 && isLauncher(programName(args[index] ?? '')) ? index : args.length;
}
