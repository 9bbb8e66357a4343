import { columns, lineWidth } from '../text/columns.ts';
import { wrap } from '../text/wrap.ts';
import { commonOptions } from './options.ts';
import { exitCodeRows, type OptionSpec, type Tool } from './tool.ts';

/** The text of `mesh-shim COMMAND --help`, made from the command's tables. */
export function toolHelp(name: string, { operands, about, options, exitCodes }: Tool): string {
  return [
    `Usage: mesh-shim ${name} [OPTIONS] ${operands}`.trimEnd(),
    '',
    ...paragraphs(about),
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

/** Sentences flow together; what is indented is a line of a table, and stays as it is. */
function paragraphs(lines: readonly string[]): string[] {
  const isTable = (line: string) => line.startsWith(' ');
  const sentences = lines.filter((line) => !isTable(line));
  return [...wrap(sentences.join(' '), lineWidth), ...lines.filter(isTable)];
}
