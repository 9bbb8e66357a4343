import type { CauseId } from '../causes/index.ts';
import type { AccessLine } from '../read/access-line.ts';
import type { Facts, Finding } from './finding.ts';

/** What is left to decide by where neither a reason nor a flag says it. */
export function statusFinding({ status = 0, details, termination, flags }: AccessLine, facts: Facts): Finding {
  const because = status === 0 ? 'there is no flag and no reason' : `the status is ${status}`;
  if (details === 'via_upstream') {
    const passed = `${because}, and the details say "via_upstream"`;
    if (status < 400) return { cause: 'no-failure', sure: 'certain', because: passed, facts };
    return { cause: status < 500 ? 'app-answered' : 'app-failed', sure: 'certain', because: passed, facts };
  }
  const reason = details ?? termination;
  if (reason !== undefined && (status >= 400 || status === 0 || flags.length > 0)) {
    return {
      cause: 'unknown-refusal',
      sure: 'possible',
      because: `the details say "${reason}"`,
      facts: { ...facts, details: `"${reason}"` },
    };
  }
  if (status < 400) return { cause: 'no-failure', sure: reason === undefined ? 'likely' : 'possible', because, facts };
  if (status === 426) return { cause: 'http10', sure: 'likely', because, facts };
  return { cause: 'unknown-status', sure: 'possible', because, facts };
}

/**
 * A status alone: what it may mean, most frequent first. Sources: replies recorded from Envoy 1.36 and 1.40; Istio 1.31.
 */
export const statusCauses: ReadonlyMap<number, readonly [CauseId, ...CauseId[]]> = new Map<
  number,
  readonly [CauseId, ...CauseId[]]
>([
  [400, ['not-http', 'request-malformed', 'app-answered']],
  [401, ['token-refused', 'app-answered']],
  [403, ['access-denied', 'authorizer-denied', 'app-answered']],
  [404, ['route-not-found', 'app-answered']],
  [408, ['stream-idle', 'request-slow']],
  [413, ['body-too-large', 'app-answered']],
  [426, ['http10']],
  [429, ['rate-limited', 'app-answered']],
  [431, ['headers-too-large']],
  [500, ['app-failed', 'cluster-not-found', 'authorizer-down']],
  [502, ['registry-only', 'wrong-protocol', 'app-failed']],
  [503, ['upstream-connect-failed', 'no-healthy-upstream', 'server-closed', 'circuit-breaker', 'cluster-not-found']],
  [504, ['upstream-slow', 'duration-limit']],
]);
