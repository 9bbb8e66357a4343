import { expect, test } from 'vitest';
import { type Proof, trafficStatisticsPath } from '../../../../src/mesh/wait/proof.ts';
import { judgeTraffic } from '../../../../src/mesh/wait/traffic-statistics.ts';

const short = {
  workers: 'listener_manager.workers_started',
  active: 'listener_manager.total_listeners_active',
  added: 'listener_manager.listener_added',
  modified: 'listener_manager.listener_modified',
  removed: 'listener_manager.listener_removed',
  stopped: 'listener_manager.listener_stopped',
  lds: 'listener_manager.lds.update_success',
  cds: 'cluster_manager.cds.update_success',
};
type Numbers = Partial<Record<keyof typeof short, number>>;
const text = (numbers: Numbers) =>
  Object.entries(numbers)
    .map(([name, value]) => `${short[name as keyof Numbers]}: ${value}\n`)
    .join('');
const calm: Numbers = { workers: 1, active: 2, added: 2, modified: 0, removed: 0, stopped: 0 };

test('each number is asked for', () => {
  const filter = new RegExp(trafficStatisticsPath.slice('/stats?filter='.length));
  for (const name of Object.values(short)) expect(filter.test(name), name).toBe(true);
  expect(filter.test('listener_manager.listener_create_failure')).toBe(false);
});

test.each<[string, Numbers, Proof, string]>([
  ['a static bootstrap', calm, 'auto', 'LIVE, workers started, 2 listeners'],
  ['all received', { ...calm, active: 1, lds: 1, cds: 1 }, 'auto', 'LIVE, workers started, 1 listener'],
  ['an Envoy of which nothing is shown', {}, 'auto', 'LIVE (workers not shown)'],
  ['an old one', { workers: 1 }, 'auto', 'LIVE, workers started'],
  [
    'no listener, and none meant',
    { ...calm, active: 0, added: 0 },
    'auto',
    'LIVE, workers started, configured without listeners',
  ],
  [
    'one changed, one removed',
    { ...calm, active: 1, modified: 1, removed: 1, stopped: 2 },
    'auto',
    'LIVE, workers started, 1 listener',
  ],
  ['its workers are enough', { workers: 1, active: 0, added: 0, lds: 0 }, 'live', 'LIVE, workers started'],
  ['a listener is there', calm, 'listeners', 'LIVE, workers started, 2 listeners'],
])('ready: %s', (_, numbers, proof, said) => {
  expect(judgeTraffic(text(numbers), proof)).toEqual({ ready: true, proof: said });
});

test.each<[string, Numbers, Proof, string, string]>([
  ['no workers', { ...calm, workers: 0 }, 'auto', 'its workers have not started', 'workers'],
  ['no workers', { ...calm, workers: 0 }, 'live', 'its workers have not started', 'workers'],
  [
    'nothing from the control plane',
    { ...calm, active: 0, added: 0, lds: 0 },
    'auto',
    'no listeners have been received',
    'nothing-served',
  ],
  ['listeners, no clusters', { ...calm, lds: 1, cds: 0 }, 'auto', 'no clusters have been received', 'nothing-served'],
  [
    'an empty answer of the control plane',
    { ...calm, active: 0, added: 0, lds: 1 },
    'auto',
    'no listener is open',
    'nothing-served',
  ],
  ['all drained', { ...calm, stopped: 2 }, 'auto', 'no listener is open', 'nothing-served'],
  [
    'all removed',
    { ...calm, active: 0, removed: 2, stopped: 2, lds: 2 },
    'auto',
    'no listener is open',
    'nothing-served',
  ],
  ['none meant, but wanted', { ...calm, active: 0, added: 0 }, 'listeners', 'no listener is open', 'nothing-served'],
  ['nothing shown', {}, 'listeners', 'it does not show its listeners', 'nothing-served'],
])('not ready: %s (%j, %s)', (_, numbers, proof, what, cause) => {
  expect(judgeTraffic(text(numbers), proof)).toEqual({
    ready: false,
    reason: `the sidecar is LIVE, but ${what}`,
    cause,
  });
});
