import { answerOf, saysOf } from '../answer.ts';
import { causes } from '../causes/index.ts';
import type { Explained } from '../explain-text.ts';
import type { LogSummary } from '../log/explain-log.ts';
import { type Counts, findingOf, type Tally, top } from '../log/tally.ts';
import type { Diagnosis } from '../pod/diagnose-sidecar.ts';
import { fill } from './fill.ts';

/** An answer for programs. */
export function answerJson({ subject, finding, candidates, retry }: Explained): string {
  const answer =
    finding === undefined
      ? {
          candidates: candidates.map((cause) => ({
            cause,
            says: saysOf(cause),
            when: causes[cause].tell,
            now: fill(causes[cause].now, {}),
          })),
        }
      : { ...answerOf(finding), facts: finding.facts };
  return `${JSON.stringify({ subject: subject ?? null, ...answer, retry: retry ?? null }, null, 2)}\n`;
}

/** A live sidecar for programs. */
export function diagnosisJson({ sidecar, findings }: Diagnosis): string {
  const rows = findings.map((finding) => ({ ...answerOf(finding), facts: finding.facts }));
  return `${JSON.stringify({ sidecar, findings: rows }, null, 2)}\n`;
}

/** A log for programs: counts by cause, each with its answer. */
export function logJson({ requests, failed, otherLines, tooOld, from, to, tallies }: LogSummary, most: number): string {
  const rows = tallies.slice(0, most).map((tally) => rowOf(tally));
  const totals = { requests, failed, otherLines, tooOld, from: from ?? null, to: to ?? null };
  return `${JSON.stringify({ ...totals, causes: rows, moreCauses: Math.max(0, tallies.length - most) }, null, 2)}\n`;
}

function rowOf(tally: Tally) {
  const { count, first, last, sample, signs, upstreams, paths, pods } = tally;
  return {
    ...answerOf(findingOf(tally)),
    count,
    first: first ?? null,
    last: last ?? null,
    sample,
    signs: countsOf(signs),
    upstreams: countsOf(upstreams),
    paths: countsOf(paths),
    pods: countsOf(pods),
  };
}

/** Written by its own keys: one of them may be `__proto__`. */
function countsOf(counts: Counts): { readonly name: string; readonly count: number }[] {
  return top(counts, 20).map(([name, count]) => ({ name, count }));
}
