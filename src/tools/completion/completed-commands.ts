import { type CommandName, commandTable, isPackageCommand, packageCommands } from '../../command-line/commands.ts';
import { optionTable } from '../../command-line/options.ts';
import { commonOptions } from '../options.ts';
import type { OptionSpec, Tool } from '../tool.ts';

/** What a shell offers for a word: some words, files, folders, or nothing of its own. */
export type Offer = readonly string[] | 'files' | 'folders' | 'commands' | 'nothing';

export interface CompletedOption {
  readonly flag: string;
  readonly short?: string;
  /** What follows the flag; undefined: it is a switch. */
  readonly value?: Offer;
  readonly text: string;
}

export interface CompletedCommand {
  readonly name: string;
  readonly text: string;
  readonly options: readonly CompletedOption[];
  readonly operands: Offer;
}

/** Every command of the npm package, from the tables that its help is made of. */
export function completedCommands(tools: Readonly<Record<string, Tool>>): CompletedCommand[] {
  const own = (Object.keys(commandTable) as CommandName[]).map(shimCommand);
  return [...own, ...Object.entries(tools).map(([name, tool]) => toolCommand(name, tool))];
}

function shimCommand(name: CommandName): CompletedCommand {
  const { help, options, operands, json } = commandTable[name];
  const own = options.map((option): CompletedOption => {
    const {
      flag,
      value,
      help: text,
      parse,
    } = optionTable[option] as {
      readonly flag: string;
      readonly value?: string;
      readonly help: string;
      readonly parse: { readonly choices?: readonly string[] };
    };
    return { flag, text, ...(value !== undefined && { value: parse.choices ?? offerFor(value) }) };
  });
  const more = json ? [{ flag: '--json', text: 'for programs' }] : [];
  return { name, text: help, options: [...own, ...more, ...common], operands: offerFor(operands[0] ?? '') };
}

function toolCommand(name: string, { options, operands, operandChoices }: Tool): CompletedCommand {
  const text = isPackageCommand(name) ? packageCommands[name] : '';
  return {
    name,
    text,
    options: [...options.map(toolOption), ...common],
    operands: operandChoices ?? offerFor(operands),
  };
}

function toolOption({ flag, short, value, text }: OptionSpec): CompletedOption {
  return {
    flag: `--${flag}`,
    ...(short !== undefined && { short: `-${short}` }),
    ...(value !== undefined && { value: offerFor(value) }),
    text,
  };
}

const common: readonly CompletedOption[] = commonOptions.map(toolOption);

/** By the name that help gives a value. */
function offerFor(value: string): Offer {
  if (/^[a-z0-9-]+(\|[a-z0-9-]+)+$/.test(value)) return value.split('|');
  if (/\bDIR\b/.test(value)) return 'folders';
  return /\b(FILE|PATH)\b/.test(value) ? 'files' : 'nothing';
}
