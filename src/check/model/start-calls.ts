import { type Dict, dict, list, text } from '../read/values.ts';
import { callsOthers, leaderOption } from './calling-programs.ts';
import { callingWord, isOfMesh, onlyServes } from './known-images.ts';
import type { StartCommand } from './start-commands.ts';
import { toldAddress } from './told-addresses.ts';

/** Whether a container calls others when it starts, as far as its manifest tells. */
export interface StartCalls {
  /** `sure`: its command does; `likely`: it is told whom, or is called so; `unknown`: nothing tells; `none`: it does not. */
  readonly level: 'sure' | 'likely' | 'unknown' | 'none';
  /** What tells, for a person; empty where nothing does. */
  readonly sign: string;
}

export function startCalls(
  container: Dict,
  init: boolean,
  commands: readonly StartCommand[],
  env: ReadonlyMap<string, string>,
): StartCalls {
  const [name, image] = [text(container.name) ?? '', text(container.image) ?? ''];
  if (isOfMesh(name)) return { level: 'none', sign: '' };
  const called = commands.map((command) => callsOthers(command));
  const caller = commands[called.indexOf(true)];
  const words = [...list(container.command), ...list(container.args)].map(String);
  if (caller !== undefined) {
    const leader = leaderOption(caller);
    const shown = leader ?? [caller.program, ...caller.args].slice(0, 3).join(' ');
    // What stands in a branch or a function may never run.
    const isSure = !words.some((word) => /(^|[\s;])(if|case)\s|\w\s*\(\)\s*\{/.test(word));
    if (isSure) return { level: 'sure', sign: leader === undefined ? `it runs ${shown}` : `it is given ${shown}` };
    return { level: 'likely', sign: `its script has ${shown}` };
  }
  const isKnown = commands.length > 0 && called.every((one) => one === false);
  if (isKnown) return { level: 'none', sign: '' };
  const names = list(container.env).flatMap((entry) => {
    const { name: variable, valueFrom } = dict(entry);
    return typeof variable === 'string' && dict(valueFrom).fieldRef === undefined ? [variable] : [];
  });
  const told = toldAddress(names, env, words);
  if (commands.length === 0 && onlyServes(image) && told === undefined) return { level: 'none', sign: '' };
  if (told !== undefined) return { level: 'likely', sign: `it is told whom by ${told}` };
  const word = init ? callingWord(name, image) : undefined;
  return word === undefined ? { level: 'unknown', sign: '' } : { level: 'likely', sign: `it is called ${word}` };
}
