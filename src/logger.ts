/** Any logger with pino's methods: fields first, then the message. pino, bunyan and `console` fit as they are. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const ignore = () => {};

/** For callers that pass no logger: a library does not write on its own. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
