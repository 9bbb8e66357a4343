import * as accepted from '../shared/accepted.ts';
import { type AllSet, type OptionTable, optionTable } from '../shared/option-table.ts';
import type { ConnectOptions } from './connect-options.ts';
import { fatalReason } from './fatal-failures.ts';

/** The options of `connectWithRetry`. */
export const connectOptionTable = optionTable<AllSet<ConnectOptions, 'signal'>>({
  name: {
    ...accepted.text,
    default: 'connection',
    text: 'What is connected to, for log lines and errors.',
    reason: 'An attempt is a function and has no name of its own. For `waitForEndpoint` it is the address.',
  },
  deadlineMs: {
    ...accepted.limitMs,
    default: 60_000,
    text: 'Time for everything: attempts and pauses. At its end the attempt under way is cut off.',
    reason:
      'The same as the wait for the sidecar: most servers have started by then, and Kubernetes restarts what ends.',
  },
  attemptTimeoutMs: {
    ...accepted.limitMs,
    default: 10_000,
    text: 'Time for one attempt; then its signal aborts, and its result, should one come, is given to `close`.',
    reason: "Istio's own limit for reaching the server: a shorter one cuts attempts that the sidecar is still making.",
  },
  backoffBaseMs: {
    ...accepted.durationMs(0),
    default: 100,
    text: 'Upper bound of the first pause; it doubles each time. The pause is drawn evenly between 0 and the bound (full jitter).',
    reason: 'A server that is nearly up is met quickly.',
  },
  backoffCapMs: {
    ...accepted.durationMs(0),
    default: 2_000,
    text: 'Greatest upper bound of a pause.',
    reason:
      'On average one second is lost after the recovery, and a hundred waiting pods ask a hundred times a second.',
  },
  fatal: {
    ...accepted.callback,
    default: fatalReason,
    defaultText: '`fatalReason`',
    text: 'Called with each failure. A string that it returns is the reason to stop at once; undefined means try again.',
    reason: 'It knows the failures that repetition cannot cure. A wrong password that is repeated locks accounts.',
  },
  close: {
    ...accepted.callback,
    default: () => {},
    defaultText: 'none',
    text: 'Called with a connection that came after its attempt had been cut off. `waitForEndpoint` does not take it.',
    reason: 'Nothing else can close it. Not needed where the attempt itself heeds its signal.',
  },
  signal: {
    ...accepted.abortSignal,
    default: undefined,
    text: "Ends the attempt or pause under way; the promise is rejected with the signal's reason.",
  },
  logger: {
    ...accepted.logger,
    text: 'Gets a line for each failure with its reason and the next pause (info; debug while the reason stays the same), for the success after failures (info) and for giving up (warn).',
  },
});

/** The options of `waitForEndpoint`, which closes its connections itself. */
export const endpointOptionTable: OptionTable<AllSet<ConnectOptions, 'signal'>> = connectOptionTable.filter(
  ({ name }) => name !== 'close',
);
