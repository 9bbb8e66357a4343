import { HTTP_ERROR_CODES, RETRY_OPTIONS } from '../src/http/index.ts';

/** The tables of the HTTP documentation, made from the code's own: `node scripts/http-tables.ts` prints them. */
export function optionsTable(): string {
  const rows = RETRY_OPTIONS.map(({ name, fallback, accepts, does, reason }) => {
    return `| \`${name}\` | ${shown(name, fallback)} | ${accepts} | ${does} | ${reason} |`;
  });
  return ['| option | default | accepts | what it does | why this default |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

export function errorCodesTable(): string {
  const rows = HTTP_ERROR_CODES.map(
    ({ code, error, means, remedy }) => `| \`${code}\` | \`${error}\` | ${means} | ${remedy} |`,
  );
  return ['| code | class | means | what to do |', '|---|---|---|---|', ...rows].join('\n');
}

function shown(name: string, fallback: unknown): string {
  if (name === 'logger') return 'silent';
  if (Array.isArray(fallback)) return fallback.join(', ');
  return typeof fallback === 'string' ? `\`'${fallback}'\`` : String(fallback);
}

if (import.meta.main) process.stdout.write(`${optionsTable()}\n\n${errorCodesTable()}\n`);
