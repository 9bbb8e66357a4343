/** Lines around a change. */
const context = 3;

interface Edit {
  readonly kind: ' ' | '-' | '+';
  readonly line: string;
}

/** The change of a file as `diff -u` prints it, which `patch` and `git apply` take. */
export function formatDiff(name: string, before: string, after: string): string {
  if (before === after) return '';
  const edits = editsBetween(linesOf(before), linesOf(after));
  const hunks = hunksOf(edits);
  return [`--- a/${name}`, `+++ b/${name}`, ...hunks].map((line) => `${line}\n`).join('');
}

/** A last line without an end says so itself, as diff has it. */
function linesOf(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  return last === '' ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}

/** So many equal lines are no accident. */
const sure = 2;

/**
 * A way from one list of lines to the other. Changes are small and far apart, so that the nearest place where both go on alike is
 * looked for, and not the shortest way of all: that takes the square of the changes in time and memory.
 */
function editsBetween(a: readonly string[], b: readonly string[]): Edit[] {
  const edits: Edit[] = [];
  let [x, y] = [0, 0];
  while (x < a.length || y < b.length) {
    if (x < a.length && y < b.length && a[x] === b[y]) {
      edits.push({ kind: ' ', line: a[x] as string });
      x += 1;
      y += 1;
      continue;
    }
    const [gone, added] = nextAlike(a, x, b, y);
    for (const line of a.slice(x, x + gone)) edits.push({ kind: '-', line });
    for (const line of b.slice(y, y + added)) edits.push({ kind: '+', line });
    x += gone;
    y += added;
  }
  return edits;
}

/** How many lines of each are passed over until both go on alike. */
function nextAlike(a: readonly string[], x: number, b: readonly string[], y: number): [number, number] {
  const most = a.length - x + (b.length - y);
  for (let sum = 1; sum < most; sum += 1) {
    for (let gone = Math.max(0, sum - (b.length - y)); gone <= Math.min(sum, a.length - x); gone += 1) {
      if (isAlike(a, x + gone, b, y + sum - gone)) return [gone, sum - gone];
    }
  }
  return [a.length - x, b.length - y];
}

function isAlike(a: readonly string[], x: number, b: readonly string[], y: number): boolean {
  const length = Math.min(sure, a.length - x, b.length - y);
  // At the end fewer do, if it is the end of both.
  if (length < sure && a.length - x !== b.length - y) return false;
  for (let at = 0; at < length; at += 1) if (a[x + at] !== b[y + at]) return false;
  return true;
}

function hunksOf(edits: readonly Edit[]): string[] {
  const lines: string[] = [];
  let index = 0;
  let [oldLine, newLine] = [1, 1];
  while (index < edits.length) {
    const next = edits.findIndex((edit, at) => at >= index && edit.kind !== ' ');
    if (next === -1) break;
    const start = Math.max(index, next - context);
    oldLine += start - index;
    newLine += start - index;
    let end = next;
    for (let at = next; at < edits.length && at - end <= 2 * context; at += 1) if (edits[at]?.kind !== ' ') end = at;
    const own = edits.slice(start, Math.min(edits.length, end + context + 1));
    const olds = own.filter(({ kind }) => kind !== '+').length;
    const news = own.filter(({ kind }) => kind !== '-').length;
    lines.push(
      `@@ -${rangeOf(oldLine, olds)} +${rangeOf(newLine, news)} @@`,
      ...own.map(({ kind, line }) => kind + line),
    );
    oldLine += olds;
    newLine += news;
    index = start + own.length;
  }
  return lines;
}

function rangeOf(line: number, count: number): string {
  return `${count === 0 ? line - 1 : line},${count}`;
}
