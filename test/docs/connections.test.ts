import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import {
  amqplibOptionsTable,
  connectErrorsTable,
  connectOptionsTable,
  connectorsTable,
  fatalFailuresTable,
} from '../../scripts/connect-tables.ts';
import * as connect from '../../src/connect/index.ts';
import { protocolChecksByScheme } from '../../src/mesh/ask/protocol-checks/by-scheme.ts';
import { createTargetGate } from '../../src/mesh/wait/sidecar-gates.ts';
import { codeSpans, tableRows } from '../helpers/markdown-tables.ts';

const page = readFileSync('docs/connections.md', 'utf8');

test('the tables are those of the code', () => {
  // Cell by cell: the formatter lines up the columns.
  const documented = tableRows(page);
  const tables = [connectorsTable, connectOptionsTable, amqplibOptionsTable, connectErrorsTable, fatalFailuresTable];
  for (const table of tables) {
    const rows = tableRows(table());
    const first = documented.findIndex((cells) => isDeepStrictEqual(cells, rows[0]));
    expect(documented.slice(first, first + rows.length)).toEqual(rows);
  }
});

test('each check has a row with its schemes and its port', () => {
  const rows = new Map(tableRows(page).map((cells) => [codeSpans(cells[0] ?? '')[0], cells]));
  for (const name of Object.keys(connect.endpointChecks)) expect([...rows.keys()]).toContain(name);
  for (const [scheme, { defaultPort }] of protocolChecksByScheme) {
    const row = [...rows.values()].find((cells) => codeSpans(cells[1] ?? '').includes(`${scheme}://`));
    expect(row?.[2], scheme).toBe(String(defaultPort));
    expect(createTargetGate(`${scheme}://db`).next().endpoint.addresses).toEqual([
      { kind: 'tcp', host: 'db', port: defaultPort },
    ]);
  }
});

test('every function that an application calls is named', () => {
  for (const [name, value] of Object.entries(connect)) {
    if (typeof value === 'function' && name !== 'ConnectError') expect(page, name).toContain(name);
  }
});

test('README names each scheme that --wait-for takes', () => {
  const readme = readFileSync('README.md', 'utf8');
  const row = readme.split('\n').find((line) => line.startsWith('| `--wait-for'));
  for (const scheme of ['postgres', 'mysql', 'redis', 'amqp', 'kafka', 'mongodb', 'http', 'tcp']) {
    expect(row).toContain(`${scheme}://`);
  }
});
