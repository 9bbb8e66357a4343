import { commandTable, packageCommands } from '../src/command-line/commands.ts';
import { type OptionName, optionTable } from '../src/command-line/options.ts';
import { disabledVariable } from '../src/mesh/wait/disabled.ts';
import { exitCodeRows } from './exit-codes.ts';

declare const MESH_SHIM_VERSION: string;

export const versionText = `mesh-shim ${MESH_SHIM_VERSION}\n`;

const lineWidth = 100;

/** The text of `--help`, made from the tables of commands, options and exit codes. */
export function helpText(): string {
  const commands = Object.entries(commandTable).map(([name, { operands, app, json, help }]): [string, string] => [
    [name, ...operands, ...(json ? ['[--json]'] : []), ...(app ? ['[OPTIONS] -- COMMAND [ARG...]'] : [])].join(' '),
    help,
  ]);
  const options = (Object.keys(optionTable) as OptionName[]).map((name): [string, string] => {
    const spec = optionTable[name];
    const standard = spec.default ?? spec.defaultNote;
    return [
      spec.value === undefined ? spec.flag : `${spec.flag} ${spec.value}`,
      `${spec.help}${standard === undefined ? '' : ` [${standard}]`}`,
    ];
  });
  return [
    'Waits until the sidecar of a service mesh carries traffic, then becomes COMMAND.',
    '',
    'Usage: mesh-shim [run] [OPTIONS] -- COMMAND [ARG...]',
    '',
    'Commands:',
    ...columns(commands),
    '',
    'Commands of the npm package (npx mesh-shim ...):',
    ...columns(Object.entries(packageCommands)),
    '',
    'Options (each also as a variable: --admin-url is MESH_SHIM_ADMIN_URL):',
    ...columns([...options, ['--help, --version', 'print and exit']]),
    '',
    `${disabledVariable}=REASON skips the wait and the quit, prints the reason, and starts COMMAND.`,
    '',
    "Exit codes besides the app's own:",
    ...columns(exitCodeRows()),
    '',
  ].join('\n');
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.min(Math.max(...rows.map(([left]) => left.length)), 26);
  return rows.flatMap(([left, right]) => {
    const lines = wrap(right, lineWidth - width - 4);
    const head = left.length > width ? [`  ${left}`] : [`  ${left.padEnd(width)}  ${lines.shift()}`];
    return [...head, ...lines.map((line) => `${' '.repeat(width + 4)}${line}`)];
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
