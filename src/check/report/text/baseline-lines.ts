import type { BaselineComparison } from '../check-result.ts';
import { indented } from './indent.ts';
import type { SectionLook } from './text-options.ts';

/** What the baseline holds and the files no longer do. */
export function baselineLines(baseline: BaselineComparison | undefined, { width, verbose }: SectionLook): string[] {
  const gone = baseline?.gone ?? [];
  if (gone.length === 0) return [];
  const what =
    gone.length === 1 ? '1 finding of the baseline is gone' : `${gone.length} findings of the baseline are gone`;
  return [
    ...indented(`${what}: --write-baseline takes ${gone.length === 1 ? 'it' : 'them'} out.`, 0, width),
    ...(verbose ? gone.flatMap((fingerprint) => indented(fingerprint, 2, width, 2)) : []),
    '',
  ];
}
