import { exitCodeRows } from '../shim/exit-codes.ts';
import { type CommandName, commandTable, commandUsage } from '../src/command-line/commands.ts';
import { type OptionName, optionTable } from '../src/command-line/options.ts';
import { scuttleVariables } from '../src/command-line/scuttle-variables.ts';
import { markdownTable } from './markdown-table.ts';

export function shimCommandsTable(): string {
  return markdownTable(
    ['command', 'what it does'],
    (Object.keys(commandTable) as CommandName[]).map((name) => [
      `\`mesh-shim ${commandUsage(name)}\``,
      commandTable[name].help,
    ]),
  );
}

export function shimOptionsTable(): string {
  return markdownTable(
    ['option', 'variable', 'default', 'meaning'],
    (Object.keys(optionTable) as OptionName[]).map((name) => {
      const {
        flag,
        value,
        env,
        help,
        default: standard,
        defaultNote,
      } = optionTable[name] as {
        readonly flag: string;
        readonly value?: string;
        readonly env: string;
        readonly help: string;
        readonly default?: string;
        readonly defaultNote?: string;
      };
      return [
        value === undefined ? `\`${flag}\`` : `\`${flag} ${value}\``,
        `\`${env}\``,
        standard === undefined ? (defaultNote ?? 'none') : `\`${standard}\``,
        help,
      ];
    }),
  );
}

export function shimExitCodesTable(): string {
  return markdownTable(['exit code', 'when'], exitCodeRows());
}

export function scuttleTable(): string {
  return markdownTable(['variable', 'read as'], Object.entries(scuttleVariables));
}
