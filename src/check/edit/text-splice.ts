/** Puts `text` in the place of what stands from `start` to `end`. */
export interface TextSplice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** From the end, so that offsets stay true; of several at one place the first one's text comes first. Undefined where two overlap. */
export function applySplices(text: string, splices: readonly TextSplice[]): string | undefined {
  const ordered = splices.map((splice, order) => ({ ...splice, order }));
  ordered.sort((a, b) => b.start - a.start || b.end - a.end || b.order - a.order);
  let result = text;
  let limit = text.length;
  for (const { start, end, text: by } of ordered) {
    if (end > limit) return undefined;
    result = result.slice(0, start) + by + result.slice(end);
    limit = start;
  }
  return result;
}
