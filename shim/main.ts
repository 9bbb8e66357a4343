import { type CommandLine, parseCommandLine } from '../src/command-line/command-line.ts';
import { translateLinkerdAwait } from '../src/command-line/linkerd-await.ts';
import { hasScuttleVariables } from '../src/command-line/scuttle-variables.ts';
import { heedSwitch, readSettings } from '../src/command-line/settings.ts';
import { helpText, versionText } from './help.ts';
import type { Host } from './host.ts';
import { installCommand } from './install.ts';
import { createLog } from './log.ts';
import { probeCommand } from './probe.ts';
import { quitCommand } from './quit-command.ts';
import { reportFault } from './report-fault.ts';
import { run } from './run.ts';
import { statusCommand } from './status/status-command.ts';
import { terminationLogBefore } from './termination-message.ts';
import { waitCommand } from './wait-command.ts';

/** Carries out the command line; resolves with the exit code, unless the process has become the app by then. */
export async function main(host: Host): Promise<number> {
  try {
    return await carryOut(host);
  } catch (error) {
    return reportFault(error, host, () => terminationLogBefore(host));
  }
}

async function carryOut(host: Host): Promise<number> {
  const line = parseAs(host);
  if (line.kind === 'help') return print(host, helpText(line.topic));
  if (line.kind === 'version') return print(host, versionText());
  const read = readSettings(line.flags, host.env, line.name);
  const log = createLog(host, read.settings);
  // After a rest all this has been said.
  const sayNote = host.rested ? () => {} : log.info;
  for (const note of read.notes) sayNote(note);
  for (const warning of host.rested ? [] : read.warnings) log.warn(warning);
  switch (line.name) {
    case 'run':
      return await run(host, line.app, heedSwitch(read, sayNote), log);
    case 'wait':
      return await waitCommand(host, heedSwitch(read, log.info), log);
    case 'probe':
      return await probeCommand(host, line.operands[0], read.settings);
    case 'quit':
      return await quitCommand(host, read, log);
    case 'install':
      return installCommand(host, line.operands[0] as string);
    case 'status':
      return await statusCommand(host, read.settings, line.json);
  }
}

/** In the place of another wrapper, the words are that one's. */
function parseAs({ args, invokedAs, env }: Host): CommandLine {
  if (invokedAs === 'linkerd-await') return parseCommandLine(translateLinkerdAwait(args), { bareCommand: true });
  return parseCommandLine(args, { bareCommand: invokedAs === 'scuttle' || hasScuttleVariables(env) });
}

function print(host: Host, text: string): number {
  host.print(text);
  return 0;
}
