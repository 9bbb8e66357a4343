import type { Block } from './page-blocks.ts';

/** What a program of a page needs around it. */
export interface Completion {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

/** A block as a program of its own. */
export function programOf({ code }: Block, { before = '', after = '' }: Completion = {}): string {
  return `${before}\n${code}\n${after}\nexport {};\n`;
}

/** A value that a comment behind an expression tells: `isReservedPort(15021); // true`. */
export interface Told {
  readonly expression: string;
  readonly value: unknown;
}

/** A statement that is one call, and the comment behind it or below it. */
const statement = /^(?<expression>[\w.]+\(.*\));\s*?(?: |\n)\/\/ (?<comment>.+)$/gm;

/** The values that comments tell, but for those that only say something. `...` in them stands for what is left out. */
export function toldValues(code: string): Told[] {
  return [...code.matchAll(statement)].flatMap(({ groups: { expression = '', comment = '' } = {} }) => {
    const value = readValue(comment);
    return value === undefined ? [] : [{ expression, value: value.is }];
  });
}

function readValue(comment: string): { readonly is: unknown } | undefined {
  if (!/^(?:[{['"]|\d|true|false|null)/.test(comment)) return undefined;
  const known = comment.replaceAll(/\w+: \.\.\.,?|\.\.\./g, '');
  try {
    return { is: new Function(`return (${known});`)() };
  } catch {
    return undefined;
  }
}

/** The program that prints those values, one line of JSON each, in the place of the statements. */
export function printingToldValues(code: string, mark: string): string {
  return toldValues(code).reduce(
    (text, { expression }) =>
      text.replace(`${expression};`, () => `console.log(${JSON.stringify(mark)} + JSON.stringify(${expression}));`),
    code,
  );
}
