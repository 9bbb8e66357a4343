import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as connect from '../../src/connect/index.ts';
import { protocolChecksByScheme } from '../../src/mesh/ask/protocol-checks/by-scheme.ts';
import { parseTarget } from '../../src/mesh/wait/target.ts';
import { codeSpans, tableRows } from '../helpers/markdown-tables.ts';

const page = readFileSync('docs/connections.md', 'utf8');

test('each check has a row with its schemes and its port', () => {
  const rows = new Map(tableRows(page).map((cells) => [codeSpans(cells[0] ?? '')[0], cells]));
  for (const name of Object.keys(connect.endpointChecks)) expect([...rows.keys()]).toContain(name);
  for (const [scheme, { defaultPort }] of protocolChecksByScheme) {
    const row = [...rows.values()].find((cells) => codeSpans(cells[1] ?? '').includes(`${scheme}://`));
    expect(row?.[2], scheme).toBe(String(defaultPort));
    expect(parseTarget(`${scheme}://db`).question.endpoint.addresses).toEqual([
      { kind: 'tcp', host: 'db', port: defaultPort },
    ]);
  }
});

test('every function that an application calls is named', () => {
  for (const [name, value] of Object.entries(connect)) {
    if (typeof value === 'function' && name !== 'ConnectError') expect(page, name).toContain(name);
  }
});

test('the page of the shim names each scheme that --wait-for takes', () => {
  const page = readFileSync('docs/shim.md', 'utf8');
  const row = page.split('\n').find((line) => line.startsWith('| `--wait-for'));
  for (const scheme of ['postgres', 'mysql', 'redis', 'amqp', 'kafka', 'mongodb', 'http', 'tcp']) {
    expect(row).toMatch(new RegExp(`\\b${scheme}\\b`));
  }
});
