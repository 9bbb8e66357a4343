import { readFileSync } from 'node:fs';
import { exitCodeRows } from '../../shim/exit-codes.ts';
import { type CommandName, commandTable, commandUsage } from '../../src/command-line/commands.ts';
import { type OptionName, optionTable } from '../../src/command-line/options.ts';
import { disabledVariable } from '../../src/mesh/wait/disabled.ts';
import { tools } from '../../src/tools/run-tool.ts';
import { type Tool, exitCodeRows as toolExitCodeRows } from '../../src/tools/tool.ts';

/** mesh-shim(1), from the tables that help is made of. The date is that of the changelog's newest version: the same sources make the same bytes. */
export function manPage(version: string): string {
  const [, date = 'unreleased'] = /^## \d\S* \((\d{4}-\d\d-\d\d)\)$/m.exec(readFileSync('CHANGELOG.md', 'utf8')) ?? [];
  return [
    `.TH MESH-SHIM 1 "${date}" "mesh-shim ${version}" "User Commands"`,
    '.SH NAME',
    'mesh-shim \\- start an app when its service-mesh sidecar carries traffic',
    '.SH SYNOPSIS',
    ...(Object.keys(commandTable) as CommandName[]).map((name) => synopsis(commandUsage(name))),
    ...Object.entries(tools).map(([name, { operands }]) => synopsis(`${name} [OPTIONS] ${operands}`.trimEnd())),
    '.SH DESCRIPTION',
    text(
      'Waits until the sidecar of a service mesh carries traffic, then becomes COMMAND. On request it stays, and tells the sidecar to quit when COMMAND has ended.',
    ),
    '.SH COMMANDS',
    ...Object.entries(commandTable).flatMap(([name, { help }]) => item(name, help)),
    '.SH OPTIONS',
    text(
      'Each is also an environment variable. A command takes those that it uses: mesh-shim help COMMAND lists them.',
    ),
    ...(Object.keys(optionTable) as OptionName[]).flatMap(shimOption),
    '.SH ENVIRONMENT',
    ...item(`${disabledVariable}=REASON`, 'skips the wait and the quit, and says so in the log'),
    '.SH EXIT STATUS',
    text("The app's own, and:"),
    ...exitCodeRows().flatMap(([code, when]) => item(code, when)),
    '.SH COMMANDS OF THE NPM PACKAGE',
    ...Object.entries<Tool>(tools).flatMap(toolSection),
    '.SH SEE ALSO',
    text('The documentation in the folder docs of the package.'),
    '',
  ].join('\n');
}

function synopsis(usage: string): string {
  const [name = '', ...rest] = usage.split(' ');
  return `.B mesh-shim ${escaped(name)}
${text(rest.join(' '))}
.br`;
}

function shimOption(name: OptionName): string[] {
  const {
    flag,
    env,
    value,
    help,
    default: standard,
    defaultNote,
  } = optionTable[name] as {
    readonly flag: string;
    readonly env: string;
    readonly value?: string;
    readonly help: string;
    readonly default?: string;
    readonly defaultNote?: string;
  };
  return item(
    value === undefined ? flag : `${flag} ${value}`,
    `${help} [${standard ?? defaultNote ?? 'none'}]; ${env}`,
  );
}

function toolSection([name, { about, options, exitCodes }]: [string, Tool]): string[] {
  return [
    `.SS ${escaped(name)}`,
    ...about.map((line) => (line.startsWith(' ') ? `.br\n${text(line.trim())}` : text(line))),
    ...options.flatMap(({ flag, short, value, default: standard, text: meaning }) =>
      item(
        `--${flag}${short === undefined ? '' : `, -${short}`}${value === undefined ? '' : ` ${value}`}`,
        `${meaning}${standard === undefined ? '' : ` [${standard}]`}`,
      ),
    ),
    '.PP',
    text('Exit status:'),
    ...toolExitCodeRows(exitCodes).flatMap(([code, when]) => item(code, when)),
  ];
}

function item(name: string, meaning: string): string[] {
  return ['.TP', `.B ${escaped(name)}`, text(meaning)];
}

/** A line that begins with a dot or a quote would be a request of roff. */
function text(line: string): string {
  return /^[.']/.test(line) ? `\\&${escaped(line)}` : escaped(line);
}

function escaped(line: string): string {
  return line.replaceAll('\\', '\\e').replaceAll('-', '\\-');
}
