/** From here on the items of a List are parsed one by one: the tree of a whole cluster would not fit in memory. */
export const largeText = 100_000;

/** A part of a text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The items below `items:` of a List in block style, as `kubectl get -o yaml` prints it: each from its dash to the next.
 * Empty for a List of another shape.
 */
export function blockItems(yaml: string): readonly TextRange[] {
  const header = /^items:[ \t]*(?:#.*)?\r?\n/m.exec(yaml);
  if (header === null) return [];
  const from = header.index + header[0].length;
  const first = /^( *)- /m.exec(yaml.slice(from, from + 10_000));
  if (first === null) return [];
  const dash = `\n${first[1] ?? ''}- `;
  const starts: number[] = [];
  // One character early: the line end in front of the first dash.
  for (let at = yaml.indexOf(dash, from - 1); at !== -1; at = yaml.indexOf(dash, at + 1)) starts.push(at + 1);
  const end = endOfList(yaml, from, first[1]?.length ?? 0);
  return starts.filter((start) => start < end).map((start, index) => ({ start, end: starts[index + 1] ?? end }));
}

/** The first line behind `from` that is left of the items: `kind: List`, as a rule. */
function endOfList(yaml: string, from: number, indent: number): number {
  const next = new RegExp(`\\n(?! {${indent + 1}}|[ \\t\\r]*\\n| {${indent}}- )(?=[^\\s#])`).exec(yaml.slice(from));
  return next === null ? yaml.length : from + next.index + 1;
}
