import { createRequire } from 'node:module';
import process from 'node:process';
import type pino from 'pino';

/** Any logger with pino's methods: fields first, then the message. pino, bunyan and `console` fit as they are. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const ignore = () => {};

/** Writes nothing. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/**
 * For callers that pass no logger: pino, from level `info` on, as JSON lines on stderr (stdout belongs to the app); in
 * tests (`NODE_ENV=test`, which test runners set) errors only, which nobody must miss: one of them ends the process.
 *
 * pino is loaded with the first line: an app that has its own logger, or nothing to be told of, does not pay for it.
 * Lines are written at once, not later: the last ones come just before the process's end.
 */
export const defaultLogger: Logger = createDefaultLogger();

function createDefaultLogger(): Logger {
  let loaded: pino.Logger | undefined;
  const load = (): pino.Logger | undefined => {
    try {
      const create = createRequire(import.meta.url)('pino') as typeof pino;
      return create({ name: 'mesh-shim' }, create.destination({ dest: 2, sync: true }));
    } catch {
      return undefined; // no descriptors or no memory left, which is just what may have to be told
    }
  };
  const line =
    (level: 'info' | 'warn' | 'error') =>
    (fields: object, message: string): void => {
      if (level !== 'error' && process.env.NODE_ENV === 'test') return;
      loaded ??= load();
      if (loaded) loaded[level](fields, message);
      else process.stderr.write(`mesh-shim: ${message}\n`);
    };
  return { debug: ignore, info: line('info'), warn: line('warn'), error: line('error') };
}
