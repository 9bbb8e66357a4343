/**
 * Stands in for `vitest` in the test files that pure-runner.ts loads: it keeps the tests, for they are run many times. Only
 * what tests without I/O need is here; a file that imports anything else does not load.
 */
export { expect } from 'vitest';

export interface PureTest {
  readonly id: string;
  readonly name: string;
  readonly run: () => unknown;
}

type Body = (...row: never[]) => unknown;

const collected: PureTest[] = [];
let suites: string[] = [];

export const it: Each = withEach((name, run) => {
  const full = [...suites, name].join(' > ');
  // Names repeat, and a title of a row may be cut short.
  collected.push({ id: `${collected.length} ${full}`, name: full, run });
});

export const describe: Each = withEach((name, define) => {
  const outer = suites;
  suites = [...outer, name];
  define();
  suites = outer;
});

/** The tests of a file. Their ids are the same in each process that loads the same files in the same order. */
export async function collectTests(file: URL, name: string): Promise<PureTest[]> {
  const before = collected.length;
  suites = [name];
  await import(file.href);
  return collected.slice(before);
}

interface Each {
  (name: string, body: () => unknown): void;
  readonly each: (rows: readonly unknown[]) => (title: string, body: Body) => void;
}

function withEach(define: (name: string, body: () => unknown) => void): Each {
  const each = (rows: readonly unknown[]) => (title: string, body: Body) => {
    for (const row of rows) {
      const values = Array.isArray(row) ? row : [row];
      define(titleOf(title, row), () => body(...(values as never[])));
    }
  };
  return Object.assign(define, { each });
}

function titleOf(title: string, row: unknown): string {
  const { name } = Object(row) as { name?: unknown };
  return typeof name === 'string' ? title.replace('$name', name) : title;
}
