import type { CheckResult } from './check-manifests.ts';

const workflowCommands = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** Workflow commands: GitHub shows them at the lines of a pull request. */
export function formatGithub({ findings, unread }: CheckResult): string {
  const lines = [
    ...unread.map(({ file, line, column, message }) => command('error', file, line, column, 'not checked', message)),
    ...findings.map(({ severity, file, line, column, rule, message, fix }) =>
      command(
        workflowCommands[severity],
        file,
        line,
        column,
        rule,
        fix === undefined ? message : `${message} Fix: ${fix.title}.`,
      ),
    ),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function command(name: string, file: string, line: number, column: number, title: string, message: string): string {
  const place = `file=${property(file)},line=${line},col=${column},title=${property(title)}`;
  return `::${name} ${place}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
