/**
 * What proves that a LIVE Envoy carries traffic: `auto`: on Istio its agent's readiness, elsewhere its statistics, as far as they tell;
 * `live`: its workers have started, whatever listens; `listeners`: and a listener is there.
 */
export const proofs = ['auto', 'live', 'listeners'] as const;
export type Proof = (typeof proofs)[number];

/** One request for all of them: Envoy matches the filter as a regular expression of RE2. */
export const trafficStatisticsPath =
  '/stats?filter=^(listener_manager.(workers_started|total_listeners_active|listener_(added|modified|removed|stopped)|lds.update_success)|cluster_manager.cds.update_success)$';
