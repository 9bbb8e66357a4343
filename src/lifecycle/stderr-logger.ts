import process from 'node:process';
import type { Logger } from '../logger.ts';

const write = (fields: object, message: string) => {
  const error = 'err' in fields && fields.err instanceof Error ? ` ${fields.err.stack ?? fields.err.message}` : '';
  process.stderr.write(`mesh-shim: ${message}${error}\n`);
};

/** What must not be missed goes to stderr: who calls createLifecycle hands it the process's end, and that needs a word. */
export const stderrLogger: Logger = { debug() {}, info() {}, warn: write, error: write };
