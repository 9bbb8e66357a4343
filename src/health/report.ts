/** Where the app is in its life. It only moves forward. */
export const healthStates = ['starting', 'ready', 'draining', 'stopped'] as const;

export type HealthState = (typeof healthStates)[number];

/** The three questions of a kubelet, each with a path of its own. */
export const healthEndpoints = ['livez', 'readyz', 'startupz'] as const;

export type HealthEndpoint = (typeof healthEndpoints)[number];

export interface CheckResult {
  readonly ok: boolean;
  /** Why not; absent when it passed. */
  readonly message?: string;
  /** How long the check ran. */
  readonly durationMs: number;
  /** How long ago it ended: results are reused for a moment. */
  readonly ageMs: number;
}

/** The answer to one question. */
export interface HealthReport {
  readonly endpoint: HealthEndpoint;
  readonly ok: boolean;
  readonly state: HealthState;
  readonly checks: Readonly<Record<string, CheckResult>>;
}

/** What the state alone answers, before any check is asked. */
export function stateAllows(endpoint: HealthEndpoint, state: HealthState): boolean {
  // A process that drains is alive: killing it for that would cut the very requests that it drains.
  if (endpoint === 'livez') return true;
  return endpoint === 'startupz' ? state !== 'starting' : state === 'ready';
}
