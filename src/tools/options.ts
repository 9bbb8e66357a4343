import { nearestName } from '../text/nearest-name.ts';
import { ToolError } from './tool.ts';

/** One option of a command. Help, parsing and the documentation are made from it. */
export interface OptionSpec {
  readonly flag: string;
  /** What the value is called; without it the option is a switch. */
  readonly value?: string;
  readonly summary: string;
}

export interface ParsedOptions {
  readonly operands: readonly string[];
  /** Of an option that is given twice the last counts. Switches are "true". */
  readonly values: ReadonlyMap<string, string>;
}

/**
 * Reads `--flag value`, `--flag=value`, switches and operands; `--` ends the options.
 *
 * @throws ToolError for an option that is unknown, lacks its value or takes none
 */
export function parseOptions(command: string, args: readonly string[], specs: readonly OptionSpec[]): ParsedOptions {
  const operands: string[] = [];
  const values = new Map<string, string>();
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--') {
      operands.push(...rest);
      break;
    }
    if (arg === '-h') arg = '--help';
    if (!arg.startsWith('-') || arg === '-') {
      operands.push(arg);
      continue;
    }
    const [flag = '', inline] = arg.split(/=(.*)/s);
    const spec = specs.find((known) => `--${known.flag}` === flag);
    if (spec === undefined) throw unknown(command, flag, specs);
    if (spec.value === undefined && inline !== undefined)
      throw new ToolError(`${flag} takes no value, got "${inline}"`);
    const value = spec.value === undefined ? 'true' : (inline ?? rest.shift());
    if (value === undefined) throw new ToolError(`${flag} needs a value: ${flag} ${spec.value}`);
    values.set(spec.flag, value);
  }
  return { operands, values };
}

function unknown(command: string, flag: string, specs: readonly OptionSpec[]): ToolError {
  const near = nearestName(
    flag,
    specs.map((spec) => `--${spec.flag}`),
  );
  const hint = near === undefined ? `see mesh-shim ${command} --help` : `did you mean ${near}?`;
  return new ToolError(`mesh-shim ${command} has no option ${flag}; ${hint}`);
}

export function describeOptions(specs: readonly OptionSpec[]): string {
  const left = specs.map(({ flag, value }) => `  --${flag}${value === undefined ? '' : ` ${value}`}`);
  const width = Math.max(...left.map((text) => text.length)) + 2;
  return specs.map(({ summary }, index) => `${(left[index] ?? '').padEnd(width)}${summary}\n`).join('');
}

/** @throws ToolError when `value` is none of `known`, with the nearest one */
export function oneOf<Value extends string>(what: string, value: string, known: readonly Value[]): Value {
  const found = known.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  const near = nearestName(value, known);
  throw new ToolError(
    `there is no ${what} "${value}"; ${near ? `did you mean "${near}"?` : `known: ${known.join(', ')}`}`,
  );
}
