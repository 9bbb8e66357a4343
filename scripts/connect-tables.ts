import { connectErrorCodes, fatalFailures } from '../src/connect/index.ts';
import { markdownTable } from './markdown-table.ts';

/** The error codes of `connectWithRetry` and `waitForEndpoint`. */
export function connectErrorsTable(): string {
  return markdownTable(
    ['code', 'class', 'means', 'what to do'],
    connectErrorCodes.map(({ code, error, means, remedy }) => [`\`${code}\``, `\`${error}\``, means, remedy]),
  );
}

/** The failures that repetition cannot cure. */
export function fatalFailuresTable(): string {
  return markdownTable(
    ['client', 'reason', 'seen as', 'source'],
    fatalFailures.map(({ client, reason, field, values, source }) => {
      const seen = values.map((value) => `\`${value}\``).join(', ');
      return [client, reason, `\`${field}\`: ${seen}`, source];
    }),
  );
}
