import { connectErrorCodes, connectOptionTable, fatalFailures } from '../src/connect/index.ts';

/** The tables of docs/connections.md, made from the code's own: `node scripts/connect-tables.ts` prints them. */
export function connectOptionsTable(): string {
  return table(
    ['option', 'default', 'accepts', 'what it does', 'why this default'],
    connectOptionTable.map(({ name, fallback, accepts, does, reason }) => [
      `\`${name}\``,
      shown(name, fallback),
      accepts,
      does,
      reason,
    ]),
  );
}

export function connectErrorsTable(): string {
  return table(
    ['code', 'class', 'means', 'what to do'],
    connectErrorCodes.map(({ code, error, means, remedy }) => [`\`${code}\``, `\`${error}\``, means, remedy]),
  );
}

export function fatalFailuresTable(): string {
  return table(
    ['client', 'reason', 'seen as', 'source'],
    fatalFailures.map(({ client, reason, field, values, source }) => {
      const seen = values.map((value) => `\`${value}\``).join(', ');
      return [client, reason, `\`${field}\`: ${seen}`, source];
    }),
  );
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function shown(name: string, fallback: unknown): string {
  if (name === 'logger') return 'JSON, on stderr';
  if (name === 'fatal') return '`fatalReason`';
  if (fallback === undefined || name === 'close') return 'none';
  return typeof fallback === 'string' ? `\`'${fallback}'\`` : String(fallback);
}

if (import.meta.main) {
  process.stdout.write(`${[connectOptionsTable(), connectErrorsTable(), fatalFailuresTable()].join('\n\n')}\n`);
}
