import { Console } from 'node:console';
import { hostname } from 'node:os';
import process from 'node:process';
import { type LogHead, logLine } from './log-line.ts';

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
 * For callers that pass no logger: JSON lines in pino's shape on stderr (stdout belongs to the app), from level `info` on;
 * in tests (`NODE_ENV=test`, which test runners set) errors only, which nobody must miss: one of them ends the process.
 *
 * The lines are made here and not by pino: a package that must be found at run time is lost in a bundle, and with it the
 * fields of the log.
 */
export const defaultLogger: Logger = {
  debug() {},
  info: (fields, message) => write(30, fields, message),
  warn: (fields, message) => write(40, fields, message),
  error: (fields, message) => write(50, fields, message),
};

let host: string | undefined;
/** In its place among what the app writes there itself; a stderr that is closed or gone costs the line, not the app. */
let stderr: Console | undefined;

function write(level: LogHead['level'], fields: object, message: string): void {
  if (level < 50 && process.env.NODE_ENV === 'test') return;
  host ??= hostname();
  const head = { level, time: Date.now(), pid: process.pid, hostname: host, name: 'mesh-shim' };
  stderr ??= new Console({ stdout: process.stderr, ignoreErrors: true });
  stderr.log(logLine(head, fields, message));
}
