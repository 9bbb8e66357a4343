import type { NotYetCause } from './gate.ts';
import type { Proof } from './proof.ts';

const names = {
  workers: 'listener_manager.workers_started',
  active: 'listener_manager.total_listeners_active',
  added: 'listener_manager.listener_added',
  modified: 'listener_manager.listener_modified',
  removed: 'listener_manager.listener_removed',
  stopped: 'listener_manager.listener_stopped',
  /** Both exist only where the bootstrap says that they come from a control plane, or from a file that is watched. */
  listenersReceived: 'listener_manager.lds.update_success',
  clustersReceived: 'cluster_manager.cds.update_success',
} as const;

export type TrafficVerdict =
  | { readonly ready: true; readonly proof: string }
  | { readonly ready: false; readonly reason: string; readonly cause: NotYetCause };

/**
 * Judges a LIVE Envoy by its statistics, `NAME: NUMBER` a line. LIVE and workers alone prove little: an Envoy whose control
 * plane does not answer is LIVE after its initial_fetch_timeout, without one listener, and stays LIVE after
 * /drain_listeners (Envoy 1.36.4 and 1.40.0). What an old Envoy does not have, or an admin hides, proves nothing against it.
 */
export function judgeTraffic(text: string, proof: Proof): TrafficVerdict {
  const numbers = numbersOf(text);
  const at = (name: keyof typeof names): number => numbers.get(names[name]) ?? 0;
  const has = (name: keyof typeof names): boolean => numbers.has(names[name]);
  const live = has('workers') ? 'LIVE, workers started' : 'LIVE (workers not shown)';
  const not = (what: string, cause: NotYetCause): TrafficVerdict => ({
    ready: false,
    reason: `the sidecar is LIVE, but ${what}`,
    cause,
  });
  if (has('workers') && at('workers') === 0) return not('its workers have not started', 'workers');
  if (proof === 'live') return { ready: true, proof: live };
  if (has('listenersReceived') && at('listenersReceived') === 0)
    return not('no listeners have been received', 'nothing-served');
  if (has('clustersReceived') && at('clustersReceived') === 0)
    return not('no clusters have been received', 'nothing-served');
  if (!has('active')) {
    return proof === 'auto' ? { ready: true, proof: live } : not('it does not show its listeners', 'nothing-served');
  }
  // A listener that is changed or removed is stopped as well; one that was stopped otherwise still counts as active.
  const stopped = Math.max(at('stopped') - at('modified') - at('removed'), 0);
  const serving = at('active') - stopped;
  if (serving > 0) return { ready: true, proof: `${live}, ${serving} ${serving === 1 ? 'listener' : 'listeners'}` };
  // A bootstrap without a listener, and nobody to send one, is meant so.
  const isMeant = proof === 'auto' && at('added') === 0 && !has('listenersReceived');
  return isMeant
    ? { ready: true, proof: `${live}, configured without listeners` }
    : not('no listener is open', 'nothing-served');
}

function numbersOf(text: string): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(': ');
    const value = Number(line.slice(colon + 2));
    if (colon > 0 && Number.isFinite(value)) numbers.set(line.slice(0, colon), value);
  }
  return numbers;
}
