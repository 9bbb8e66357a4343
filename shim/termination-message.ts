import { isCommandName } from '../src/command-line/commands.ts';
import { optionTable } from '../src/command-line/options.ts';
import type { Host } from './host.ts';

/** Kubernetes shows 4,096 bytes of it, the last ones; a character has at most three bytes for each unit of a string. */
const maxLength = Math.floor(4_096 / 3);

/**
 * Leaves behind why the app has not started, for `kubectl describe pod`. The file is made by the kubelet: where there is
 * none, or it may not be written, nobody asks for it.
 */
export function leaveTerminationMessage(host: Pick<Host, 'overwriteFile'>, path: string, text: string): void {
  host.overwriteFile(path, text.trimEnd().slice(0, maxLength));
}

/**
 * Where the reason belongs as long as the settings have not been read; undefined for commands that run beside the app, as
 * exec probes do: their failures do not end the container.
 */
export function terminationLogBefore({ args, env }: Pick<Host, 'args' | 'env'>): string | undefined {
  const [first = ''] = args;
  if (isCommandName(first) && first !== 'run' && first !== 'wait') return undefined;
  return env.get(optionTable.terminationLog.env) || optionTable.terminationLog.default;
}
