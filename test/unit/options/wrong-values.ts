/** What a program may give by mistake, by what an option takes; `at` is where in the value the fault lies, `found` what lies there. */
export interface Wrong {
  readonly value: unknown;
  readonly at: string;
  readonly found: unknown;
}

const at = (value: unknown, path: string, found: unknown): Wrong => ({ value, at: path, found });
const all = (...values: unknown[]): Wrong[] => values.map((value) => at(value, '', value));

const noNumbers = ['1', '', null, true, {}, [], () => {}, 1n];
const noNumber = [Number.NaN, Number.NEGATIVE_INFINITY];
const lists = (wrongItem: unknown, right: unknown): Wrong[] => [
  ...all(null, 5, true, {}, new Set(), () => {}),
  at([right, wrongItem], '[1]', wrongItem),
];

export const wrong = {
  durations: (least: number) => all(least - 1, Number.POSITIVE_INFINITY, 2 ** 31, ...noNumber, ...noNumbers),
  limits: all(0, -1, 2 ** 31, ...noNumber, ...noNumbers),
  integers: (least: number, most = 2 ** 53) =>
    all(least - 1, most + 1, least + 0.5, Number.POSITIVE_INFINITY, ...noNumber, ...noNumbers),
  shares: all(-0.1, 1.1, Number.POSITIVE_INFINITY, ...noNumber, ...noNumbers),
  flags: all('true', 'no', 0, 1, null, {}, []),
  strings: all(5, null, true, {}, ['x'], () => {}),
  texts: all('', 5, null, true, {}, ['x'], () => {}),
  /** For options that take one of some strings; `x` is none of them. */
  names: all('x', '', 5, null, true, {}, () => {}),
  functions: all('x', 5, null, true, {}, []),
  loggers: all({}, 'pino', null, true, () => {}, { debug() {}, info() {}, warn() {} }, { ...console, error: 'x' }),
  abortSignals: all({}, new AbortController(), 'SIGTERM', 5, null),
  objects: all('x', 5, null, true, [], new Map(), () => {}),
  lists,
  at,
  all,
};
