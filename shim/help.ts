import { commandTable, packageCommands } from '../src/command-line/commands.ts';
import { type OptionName, optionTable } from '../src/command-line/options.ts';
import { disabledVariable } from '../src/mesh/wait/disabled.ts';
import { columns } from '../src/text/columns.ts';
import { exitCodeRows } from './exit-codes.ts';

declare const MESH_SHIM_VERSION: string;

export const versionText = `mesh-shim ${MESH_SHIM_VERSION}\n`;

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
    'Commands of the npm package only (npx mesh-shim COMMAND --help):',
    ...columns(Object.entries(packageCommands)),
    '',
    'Options (each is also an environment variable: --admin-url is MESH_SHIM_ADMIN_URL):',
    ...columns([
      ...options,
      ['--help, -h', 'print this help and exit; also: mesh-shim help'],
      ['--version, -V', 'print the version and exit'],
    ]),
    '',
    `${disabledVariable}=REASON skips the wait and the quit, logs the reason, and starts COMMAND.`,
    '',
    'Exit codes, besides those of the app:',
    ...columns(exitCodeRows()),
    '',
  ].join('\n');
}
