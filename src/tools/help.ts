import { columns } from '../text/columns.ts';
import { commonOptions } from './options.ts';
import { exitCodeRows, type OptionSpec, type Tool } from './tool.ts';

/** The text of `mesh-shim COMMAND --help`, made from the command's tables. */
export function toolHelp(name: string, { operands, about, options, exitCodes }: Tool): string {
  return [
    `Usage: mesh-shim ${name} [OPTIONS] ${operands}`.trimEnd(),
    '',
    ...about,
    '',
    'Options:',
    ...columns([...options, ...commonOptions].map(describeOption)),
    '',
    'Exit codes:',
    ...columns(exitCodeRows(exitCodes)),
    '',
  ].join('\n');
}

function describeOption({ flag, short, value, default: standard, list, text }: OptionSpec): [string, string] {
  const name = short === undefined ? `--${flag}` : `--${flag}, -${short}`;
  return [
    value === undefined ? name : `${name} ${value}`,
    [text, ...(list ? ['(several: with commas)'] : []), ...(standard === undefined ? [] : [`[${standard}]`])].join(' '),
  ];
}
