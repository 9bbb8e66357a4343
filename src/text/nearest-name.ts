/** More slips are another word. Without this limit a prefix that all names share would make any two of them near. */
const mostEdits = 3;

/**
 * The known name that a misspelt one most likely means; undefined when none is near: at most three letters may differ,
 * and at most a third of the longer name. Upper and lower case do not count; of several equally near names the first wins.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let limit = mostEdits + 1;
  for (const candidate of known) {
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < limit && edits * 3 <= Math.max(name.length, candidate.length)) [nearest, limit] = [candidate, edits];
  }
  return nearest;
}

/** For the end of an error: `; did you mean NAME?`, or nothing when no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? '' : `; did you mean ${nearest}?`;
}

/**
 * How many letters must be put in, left out, replaced or swapped with their neighbour (optimal string alignment): two
 * letters in the wrong order are the most frequent slip of fingers, and count as one.
 */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(beforeLast, j - 2) + 1 : replaced;
      row.push(Math.min(replaced, swapped, at(last, j) + 1, at(row, j - 1) + 1));
    }
    [beforeLast, last] = [last, row];
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
