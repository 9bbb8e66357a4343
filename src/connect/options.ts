import { defaultLogger, type Logger } from '../shared/logger.ts';
import { accepted, checkedOptions, fallbacks, type OptionRow } from '../shared/option-table.ts';
import { fatalReason } from './fatal-failures.ts';

/** Options of `connectWithRetry`; `undefined` means the default. */
export interface ConnectOptions<Connection = unknown> {
  readonly name?: string | undefined;
  readonly deadlineMs?: number | undefined;
  readonly attemptTimeoutMs?: number | undefined;
  readonly backoffBaseMs?: number | undefined;
  readonly backoffCapMs?: number | undefined;
  readonly fatal?: ((error: unknown) => string | undefined) | undefined;
  readonly close?: ((connection: Connection) => unknown) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly logger?: Logger | undefined;
}

/** All options, every one set but the signal. */
export type ConnectSettings<Connection> = {
  readonly [Name in Exclude<keyof ConnectOptions, 'signal'>]-?: Exclude<ConnectOptions<Connection>[Name], undefined>;
} & { readonly signal: AbortSignal | undefined };

export type ConnectOptionRow = OptionRow<keyof ConnectOptions>;

/** The one table of options: the defaults, the checks and the documentation are made from it. */
export const connectOptionTable: readonly ConnectOptionRow[] = [
  {
    name: 'name',
    accepts: 'a text',
    isValid: (value) => typeof value === 'string' && value !== '',
    fallback: 'connection',
    does: 'What is connected to, for log lines and errors.',
    reason: 'An attempt is a function and has no name of its own.',
  },
  {
    name: 'deadlineMs',
    ...accepted.limitMs,
    fallback: 60_000,
    does: 'Time for everything: attempts and pauses. At its end the attempt under way is cut off.',
    reason:
      'The same as the wait for the sidecar: most servers have started by then, and Kubernetes restarts what ends.',
  },
  {
    name: 'attemptTimeoutMs',
    ...accepted.limitMs,
    fallback: 10_000,
    does: 'Time for one attempt; then its signal aborts, and its result, should one come, is given to `close`.',
    reason: "Istio's own limit for reaching the server: a shorter one cuts attempts that the sidecar is still making.",
  },
  {
    name: 'backoffBaseMs',
    ...accepted.pauseMs,
    fallback: 100,
    does: 'Upper bound of the first pause; it doubles each time. The pause is drawn evenly between 0 and the bound (full jitter).',
    reason: 'A server that is nearly up is met quickly.',
  },
  {
    name: 'backoffCapMs',
    ...accepted.pauseMs,
    fallback: 2_000,
    does: 'Greatest upper bound of a pause.',
    reason:
      'On average one second is lost after the recovery, and a hundred waiting pods ask a hundred times a second.',
  },
  {
    name: 'fatal',
    ...accepted.callback,
    fallback: fatalReason,
    does: 'Told each failure; a text that it returns is the reason to stop at once, undefined means go on.',
    reason: 'Knows the failures below. A wrong password that is repeated locks accounts.',
  },
  {
    name: 'close',
    ...accepted.callback,
    fallback: () => {},
    does: 'Gets a connection that came after its attempt had been cut off.',
    reason: 'Nothing else can close it. Not needed where the attempt itself heeds its signal.',
  },
  {
    name: 'signal',
    accepts: 'an AbortSignal',
    isValid: (value) => value instanceof AbortSignal,
    fallback: undefined,
    does: "Ends the attempt or pause under way; the promise is rejected with the signal's reason.",
    reason: 'None.',
  },
  {
    name: 'logger',
    ...accepted.logger,
    fallback: defaultLogger,
    does: 'Gets a line for each failure with its reason and the next pause (info; debug while the reason stays the same), for the success after failures (info) and the giving up (warn).',
    reason:
      'A wait or a failure that nobody hears of is looked for elsewhere. An app with a logger of its own passes it.',
  },
];

const defaultSettings = Object.freeze(fallbacks(connectOptionTable));
const rows = new Map(connectOptionTable.map((row) => [row.name as string, row]));

/**
 * Checks options and fills in what is missing.
 *
 * @throws MeshOptionError for an unknown name or a value that is not accepted
 */
export function connectSettings<Connection>(options: ConnectOptions<Connection>): ConnectSettings<Connection> {
  return checkedOptions(rows, options, defaultSettings) as ConnectSettings<Connection>;
}
