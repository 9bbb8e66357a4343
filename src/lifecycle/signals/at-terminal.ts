import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

/** A person may be there: one of the standard streams is a terminal, or the process has one, whatever its streams are. */
export function isAtTerminal(): boolean {
  if ([0, 1, 2].some((descriptor) => isatty(descriptor))) return true;
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
