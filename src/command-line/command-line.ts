import { didYouMean } from '../text/nearest-name.ts';
import {
  type CommandName,
  commandTable,
  isCommandName,
  isPackageCommand,
  loggingOptions,
  packageCommands,
} from './commands.ts';
import type { GivenValues } from './option-values.ts';
import { type OptionName, optionTable } from './options.ts';
import { UsageError } from './usage-error.ts';

export type CommandLine =
  | { readonly kind: 'help' /** The one command whose help it is. */; readonly topic?: CommandName }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'command';
      readonly name: CommandName;
      readonly flags: GivenValues;
      /** The URL of `probe`, the folder of `install`. */
      readonly operands: readonly string[];
      readonly json: boolean;
      /** COMMAND with its arguments, behind `--`. */
      readonly app: readonly string[];
    };

const optionNames = Object.keys(optionTable) as OptionName[];

export interface CommandLineForm {
  /** As in scuttle and linkerd-await: the first word that is neither an option nor a command is COMMAND, all behind it its own. */
  readonly bareCommand?: boolean;
}

/** Reads the words behind the program's name. Throws UsageError. */
export function parseCommandLine(args: readonly string[], { bareCommand = false }: CommandLineForm = {}): CommandLine {
  const [first, topic] = args;
  if (first === 'help') return parseCommandLine(isCommandWord(topic) ? [helpTopic(topic), '--help'] : ['--help']);
  if (first === 'version') return parseCommandLine(['--version', ...args.slice(1)]);
  const named = first !== undefined && isCommandName(first);
  const name: CommandName = named ? first : 'run';
  const command = commandTable[name];
  const flags: GivenValues = new Map();
  const operands: string[] = [];
  let json = false;
  let app: readonly string[] = [];
  let position = named ? 1 : 0;

  while (position < args.length) {
    const word = args[position++] as string;
    if (word === '--') {
      app = args.slice(position);
      break;
    }
    if (word === '--help' || word === '-h') return named ? { kind: 'help', topic: name } : { kind: 'help' };
    if (word === '--version' || word === '-V') return { kind: 'version' };
    if (word === '--json' && command.json) {
      json = true;
      continue;
    }
    if (!word.startsWith('-')) {
      if (bareCommand && command.app) {
        app = args.slice(position - 1);
        break;
      }
      operands.push(word);
      if (operands.length > command.operands.length) throw new UsageError(unexpectedWord(word, name));
      continue;
    }
    const equals = word.indexOf('=');
    const flag = equals < 0 ? word : word.slice(0, equals);
    const option = command.otherFlags?.[flag] ?? optionNames.find((candidate) => optionTable[candidate].flag === flag);
    if (!option) {
      throw new UsageError(
        `unknown option ${flag}${didYouMean(
          flag,
          optionNames.map((candidate) => optionTable[candidate].flag),
        )}`,
      );
    }
    // Who sets the log for all commands alike is not refused for one that writes none.
    if (!command.options.includes(option) && !loggingOptions.includes(option))
      throw new UsageError(`${name} takes no ${flag}`);
    const spec = optionTable[option];
    let text = equals < 0 ? undefined : word.slice(equals + 1);
    if (text === undefined && spec.value === undefined) text = 'true';
    if (text === undefined) {
      const next = args[position++];
      if (next === undefined || next === '--') throw new UsageError(`${flag} needs a value (${spec.value})`);
      text = next;
    }
    const before = spec.repeatable ? (flags.get(option)?.texts ?? []) : [];
    flags.set(option, { texts: [...before, text], source: flag });
  }

  const missing = command.operands[operands.length];
  if (missing !== undefined && !missing.startsWith('[')) throw new UsageError(`${name} needs ${missing}`);
  if (command.app && (app.length === 0 || app[0] === '')) {
    throw new UsageError('no COMMAND to start; write it after --, as in: mesh-shim -- node server.js');
  }
  if (!command.app && app.length > 0) {
    throw new UsageError(`${name} takes no COMMAND, got ${JSON.stringify(app[0])} after --`);
  }
  return { kind: 'command', name, flags, operands, json, app };
}

function isCommandWord(word: string | undefined): word is string {
  return word !== undefined && !word.startsWith('-');
}

/** Throws UsageError for a word that is no command: it is none of the user's own either. */
function helpTopic(word: string): string {
  if (isCommandName(word) || isPackageCommand(word) || word === 'help' || word === 'version') return word;
  throw new UsageError(`help: unknown command ${JSON.stringify(word)}${similarCommand(word)}`);
}

function similarCommand(word: string): string {
  return didYouMean(word, [...Object.keys(commandTable), ...Object.keys(packageCommands)]);
}

function unexpectedWord(word: string, name: CommandName): string {
  if (name === 'run' && isPackageCommand(word)) {
    return `${word} comes with the npm package, not with this file: npx mesh-shim ${word}`;
  }
  if (name === 'run') {
    return `unexpected ${JSON.stringify(word)}${similarCommand(word)}; write your own command after --, as in: mesh-shim -- ${word}`;
  }
  return `${name}: unexpected ${JSON.stringify(word)}`;
}
