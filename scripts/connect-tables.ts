import { connectErrorCodes, connectorTable, fatalFailures } from '../src/connect/index.ts';
import { markdownTable } from './markdown-table.ts';

/** The connectors, one for each driver. */
export function connectorsTable(): string {
  return markdownTable(
    ['call', 'driver', 'gives', 'once it has answered', 'after a restart', 'sets, where the app does not'],
    Object.values(connectorTable).map(({ connector, driver, versions, returns, proof, afterRestart, sets }) => [
      `\`${connector}\``,
      `${driver} ${versions}`,
      returns,
      proof,
      afterRestart,
      sets,
    ]),
  );
}

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
