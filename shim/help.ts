import { type CommandName, commandTable, commandUsage, packageCommands } from '../src/command-line/commands.ts';
import { type OptionName, optionTable } from '../src/command-line/options.ts';
import { disabledVariable } from '../src/mesh/wait/disabled.ts';
import { columns, lineWidth } from '../src/text/columns.ts';
import { wrap } from '../src/text/wrap.ts';
import { exitCodeRows } from './exit-codes.ts';

declare const MESH_SHIM_VERSION: string;

export function versionText(): string {
  return `mesh-shim ${MESH_SHIM_VERSION}\n`;
}

const optionsTitle = 'Options (each is also an environment variable: --admin-url is MESH_SHIM_ADMIN_URL):';
const disabledLine = `${disabledVariable}=REASON skips the wait and the quit, and says so in the log.`;

/** The text of `--help`, made from the tables of commands, options and exit codes; of one command, what concerns that. */
export function helpText(topic?: CommandName): string {
  return [...(topic === undefined ? general() : ofCommand(topic)), ''].join('\n');
}

function general(): string[] {
  const commands = (Object.keys(commandTable) as CommandName[]).map((name): [string, string] => [
    commandUsage(name),
    commandTable[name].help,
  ]);
  return [
    'Waits until the sidecar of a service mesh carries traffic, then becomes COMMAND.',
    '',
    'Usage: mesh-shim [run] [OPTIONS] -- COMMAND [ARG...]',
    '',
    'Commands (mesh-shim help COMMAND tells what one takes):',
    ...columns(commands),
    '',
    'Commands of the npm package only (npx mesh-shim help COMMAND):',
    ...columns(Object.entries(packageCommands)),
    '',
    ...optionLines(Object.keys(optionTable) as OptionName[]),
    '',
    disabledLine,
    '',
    'Exit codes, besides those of the app:',
    ...columns(exitCodeRows()),
  ];
}

function ofCommand(name: CommandName): string[] {
  const { help, options, app, switchedOff } = commandTable[name];
  return [
    `Usage: mesh-shim ${commandUsage(name)}`,
    '',
    ...wrap(`${help.charAt(0).toUpperCase()}${help.slice(1)}.`, lineWidth),
    '',
    ...optionLines(options),
    ...(switchedOff ? ['', disabledLine] : []),
    '',
    app ? 'Exit codes, besides those of the app:' : 'Exit codes, besides 0:',
    ...columns(exitCodeRows({ app })),
  ];
}

function optionLines(names: readonly OptionName[]): string[] {
  const options = names.map((name): [string, string] => {
    const spec = optionTable[name];
    const standard = spec.default ?? spec.defaultNote;
    return [
      spec.value === undefined ? spec.flag : `${spec.flag} ${spec.value}`,
      `${spec.help}${standard === undefined ? '' : ` [${standard}]`}`,
    ];
  });
  return [
    ...(names.length === 0 ? ['Options:'] : wrap(optionsTitle, lineWidth)),
    ...columns([
      ...options,
      ['--help, -h', 'print this help and exit; also: mesh-shim help'],
      ['--version, -V', 'print the version and exit'],
    ]),
  ];
}
