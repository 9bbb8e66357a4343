import type { Settings } from '../src/command-line/option-values.ts';
import type { Host, LogSink } from './host.ts';
import { leaveTerminationMessage } from './termination-message.ts';

/** The fields of a record beside its message: names are part of the interface, as the message is not. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** An error that keeps the app from starting: left behind in the termination message too. */
  giveUp(message: string, fields?: LogFields): void;
}

/** pino's numbers. */
const levels = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60, silent: Number.POSITIVE_INFINITY };

/** What the log needs of the machine. */
export type LogHost = Pick<Host, 'wallClockMs' | 'pid' | 'hostname' | 'overwriteFile'> & {
  readonly log: Pick<LogSink, 'isTerminal' | 'write'>;
};

/** Writes to stderr only: stdout belongs to the app. JSON lines have the shape of pino's. */
export function createLog(
  host: LogHost,
  { logLevel, logFormat, terminationLog }: Pick<Settings, 'logLevel' | 'logFormat' | 'terminationLog'>,
): Log {
  const asText = logFormat === 'text' || (logFormat === 'auto' && host.log.isTerminal);
  const write = (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields: LogFields = {}): void => {
    if (levels[level] < levels[logLevel]) return;
    if (asText) {
      host.log.write(`mesh-shim: ${level === 'info' ? '' : `${level}: `}${oneLine(message)}\n`);
      return;
    }
    const record = { level: levels[level], time: host.wallClockMs(), pid: host.pid, hostname: host.hostname() };
    host.log.write(`${JSON.stringify({ ...record, name: 'mesh-shim', ...fields, msg: message })}\n`);
  };
  return {
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
    giveUp(message, fields) {
      write('error', message, fields);
      leaveTerminationMessage(host, terminationLog, `mesh-shim: ${oneLine(message)}`);
    },
  };
}

/** What others said must not be able to draw on a terminal or forge a line. */
function oneLine(message: string): string {
  let line = '';
  for (const char of message) {
    const code = char.codePointAt(0) as number;
    // JSON leaves DEL as it is.
    line += code === 127 ? '\\u007f' : code < 32 ? JSON.stringify(char).slice(1, -1) : char;
  }
  return line;
}
