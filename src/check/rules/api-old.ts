import { set } from '../fix/fix.ts';
import { isOlder } from '../model/inputs.ts';
import type { Rule } from './shared/rule.ts';

/** Kinds that have a v1, per group. */
const stableVersions: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    'networking.istio.io': [
      'DestinationRule',
      'Gateway',
      'ServiceEntry',
      'Sidecar',
      'VirtualService',
      'WorkloadEntry',
      'WorkloadGroup',
    ],
    'security.istio.io': ['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication'],
    'telemetry.istio.io': ['Telemetry'],
  }),
);

export const apiOld: Rule = {
  id: 'api-old',
  severity: 'info',
  title: 'An old version of an Istio API that has a v1',
  why: 'v1alpha1, v1alpha3 and v1beta1 still work, but not for ever. v1 has the same fields.',
  fix: 'Use v1, which exists since Istio 1.22.',
  docs: [],
  *check(cluster) {
    if (isOlder(cluster.inputs.istio, '1.22')) return;
    for (const object of cluster.objects) {
      if (!stableVersions.get(object.group)?.includes(object.kind) || object.apiVersion.endsWith('/v1')) continue;
      yield {
        object,
        path: ['apiVersion'],
        message: `${object.apiVersion} is an old version of ${object.kind}.`,
        restsOn: ['istio'],
        fix: {
          title: `change it to ${object.group}/v1`,
          certain: true,
          changes: [set(object, ['apiVersion'], `${object.group}/v1`)],
        },
      };
    }
  },
};
