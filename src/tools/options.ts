import { parseArgs } from 'node:util';
import { didYouMean } from '../text/nearest-name.ts';
import { type GivenOptions, type OptionSpec, ToolError } from './tool.ts';

/** What the arguments of a command ask for. `help` and `version` count as soon as they are read. */
export type CommandLine =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | ({ readonly kind: 'run' } & GivenOptions);

/** The options that every command has. */
export const commonOptions: readonly OptionSpec[] = [
  { flag: 'help', short: 'h', text: 'print this help and exit' },
  { flag: 'version', short: 'V', text: 'print the version and exit' },
];

/**
 * Reads `--flag value`, `--flag=value`, switches and operands; `--` ends the options.
 *
 * @throws ToolError for an option that is unknown, lacks its value or takes none
 */
export function readCommandLine(command: string, args: readonly string[], own: readonly OptionSpec[]): CommandLine {
  const specs = [...own, ...commonOptions];
  const operands: string[] = [];
  const values = new Map<string, string>();
  for (const token of tokensOf(args, specs)) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const spec = specs.find(({ flag }) => flag === token.name);
    if (spec === undefined) throw unknownOption(command, args[token.index] ?? token.rawName, specs);
    const value = readValue(spec, token);
    if (spec.flag === 'help' || spec.flag === 'version') return { kind: spec.flag };
    const before = spec.list ? values.get(spec.flag) : undefined;
    values.set(spec.flag, before === undefined ? value : `${before},${value}`);
  }
  return { kind: 'run', operands, values };
}

/** Not strict: Node's own errors name neither the command nor the option that was meant. */
function tokensOf(args: readonly string[], specs: readonly OptionSpec[]) {
  const options = specs.map(({ flag, short, value }) => {
    const type: 'string' | 'boolean' = value === undefined ? 'boolean' : 'string';
    return [flag, { type, ...(short === undefined ? {} : { short }) }] as const;
  });
  return parseArgs({
    args: [...args],
    options: Object.fromEntries(options),
    allowPositionals: true,
    strict: false,
    tokens: true,
  }).tokens;
}

interface OptionToken {
  readonly rawName: string;
  readonly value: string | undefined;
  /** Whether the value was given as `--flag=value`. */
  readonly inlineValue: boolean | undefined;
}

function readValue({ value: kind }: OptionSpec, { rawName, value, inlineValue }: OptionToken): string {
  if (kind === undefined) {
    if (value === undefined) return 'true';
    throw new ToolError(`${rawName} takes no value, got ${JSON.stringify(value)}; leave it out to switch it off`);
  }
  if (value === undefined || value === '') throw new ToolError(`${rawName} needs a value (${kind})`);
  // As a rule the value was forgotten, and this is the next option.
  if (!inlineValue && value.startsWith('-') && value !== '-') {
    throw new ToolError(
      `${rawName} needs a value (${kind}), got the option ${value}; if it is the value: ${rawName}=${value}`,
    );
  }
  return value;
}

function unknownOption(command: string, word: string, specs: readonly OptionSpec[]): ToolError {
  const [flag = ''] = word.split('=');
  const hint = didYouMean(
    flag,
    specs.map((spec) => `--${spec.flag}`),
  );
  return new ToolError(`unknown option ${flag}${hint || `; mesh-shim ${command} --help lists the options`}`);
}

/**
 * The one of `known` that `value` is.
 *
 * @param where before the message: where the value stands
 * @param lists where all are listed, when they are too many to name
 * @throws ToolError when it is none of them, with the nearest one
 */
export function oneOf<Value extends string>(
  what: string,
  value: string,
  known: readonly Value[],
  { where, lists = `use ${known.join(', ')}` }: { readonly where?: string; readonly lists?: string } = {},
): Value {
  const found = known.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  const lead = where === undefined ? '' : `${where}: `;
  throw new ToolError(`${lead}unknown ${what} ${JSON.stringify(value)}${didYouMean(value, known) || `; ${lists}`}`);
}

/** For a value that an option does not take; `expected` is a noun phrase. */
export function badValue(where: string, value: string, expected: string): ToolError {
  return new ToolError(`${where} must be ${expected}, got ${JSON.stringify(value)}`);
}
