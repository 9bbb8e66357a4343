import type { OptionRow } from '../src/shared/option-table.ts';
import { markdownTable } from './markdown-table.ts';

/** The documentation of a table of options. */
export function optionsTable(rows: readonly OptionRow[]): string {
  const hasReasons = rows.some(({ reason }) => reason !== undefined);
  return markdownTable(
    ['option', 'default', 'accepts', 'what it does', ...(hasReasons ? ['why this default'] : [])],
    rows.map((row) => [`\`${row.name}\``, shownDefault(row), row.accepts, row.text, row.reason ?? '']),
  );
}

function shownDefault(row: OptionRow): string {
  if (row.required) return 'required';
  if (row.defaultText !== undefined) return row.defaultText;
  const { name, unit, default: elsewhere, inKubernetes } = row;
  const inCode = (value: unknown): string => {
    const hasUnit = unit !== undefined && Number.isFinite(value);
    return `\`${literal(value, name)}\`${hasUnit ? ` ${unit}` : ''}`;
  };
  if (inKubernetes !== undefined) return `${inCode(inKubernetes)} in Kubernetes, else ${inCode(elsewhere)}`;
  return elsewhere === undefined ? 'none' : inCode(elsewhere);
}

/** A value as it stands in code. */
function literal(value: unknown, name: string): string {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, name)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([key, item]) => `${key}: ${literal(item, name)}`);
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  if (typeof value === 'function') throw new Error(`the default of ${name} needs a defaultText`);
  return String(value);
}

const longestLine = 120;

/** The docstring of an option, for editors. */
function docstring(row: OptionRow): string {
  const byDefault = row.required ? 'There is no default.' : `Default: ${shownDefault(row)}.`;
  const facts = [`Must be ${row.accepts}.`, byDefault, row.reason].filter((part) => part !== undefined).join(' ');
  const lines = [...wrapped(row.text), '', ...wrapped(facts)];
  return ['  /**', ...lines.map((line) => `   * ${line}`.trimEnd()), '   */'].join('\n');
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || `   * ${last} ${word}`.length > longestLine) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/**
 * The source of an interface with the docstring of each row above its member.
 *
 * @param byHand members that have no row
 * @throws Error where members and rows are not the same
 */
export function withDocstrings(
  source: string,
  name: string,
  rows: readonly OptionRow[],
  byHand: readonly string[] = [],
): string {
  const [head = '', rest] = splitAfter(source, new RegExp(`^export interface ${name}\\b[^{]*\\{\\n`, 'm'));
  if (rest === undefined) throw new Error(`there is no interface ${name}`);
  const [body = '', tail] = splitAfter(rest, /^(?=\})/m);
  const left = new Map(rows.map((row) => [row.name, row]));
  const members = body.replaceAll(
    /(?:^ {2}\/\*\*(?:[^*]|\*(?!\/))*\*\/\n)?^ {2}readonly (\w+)\??:/gm,
    (text, member: string) => {
      const row = left.get(member);
      if (row === undefined && byHand.includes(member)) return text;
      if (row === undefined) throw new Error(`${name}.${member} has no row in its table`);
      left.delete(member);
      return `${docstring(row)}\n${text.slice(text.lastIndexOf('  readonly '))}`;
    },
  );
  if (left.size > 0) throw new Error(`${name} has no member ${[...left.keys()].join(', ')}`);
  return head + members + (tail ?? '');
}

function splitAfter(text: string, pattern: RegExp): [string, string] | [] {
  const match = pattern.exec(text);
  if (match === null) return [];
  const end = match.index + match[0].length;
  return [text.slice(0, end), text.slice(end)];
}
