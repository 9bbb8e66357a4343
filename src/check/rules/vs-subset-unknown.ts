import { listed } from '../../text/listed.ts';
import { nearestName } from '../../text/nearest-name.ts';
import { set } from '../fix/fix.ts';
import { destinationsOf } from '../model/routing/destinations.ts';
import { MeshHosts } from '../model/routing/mesh-hosts.ts';
import { SubsetIndex } from '../model/routing/subsets.ts';
import type { Rule } from './shared/rule.ts';

export const vsSubsetUnknown: Rule = {
  id: 'vs-subset-unknown',
  severity: 'error',
  title: 'A VirtualService that leads to a subset that no DestinationRule has',
  why: 'A subset is a cluster of its own in Envoy, made by the DestinationRule of that host. Without one, each call of the route gets a 503 (NC).',
  fix: 'The name of a subset that is there, or the subset in the DestinationRule of that host.',
  docs: [
    'An error where the files have a DestinationRule with subsets for that host; a warning where they have the host and no such DestinationRule, since that may be elsewhere.',
  ],
  *check(cluster) {
    const hosts = new MeshHosts(cluster);
    const subsets = new SubsetIndex(cluster);
    for (const object of cluster.ofKind('VirtualService')) {
      for (const { host, subset, path } of destinationsOf(object)) {
        if (subset === undefined || subset === '') continue;
        const rules = subsets.rulesFor(host, object);
        const names = [...new Set(rules.flatMap((rule) => rule.subsets.map(({ name }) => name)))];
        const isHere = hosts.lookUp(host, object).state === 'found';
        if (names.includes(subset) || (names.length === 0 && !isHere)) continue;
        const near = nearestName(subset, names);
        const found =
          names.length > 0
            ? `${host} has no subset "${subset}", only ${listed(names)} (DestinationRule ${listed(rules.map((rule) => rule.object.name))}).`
            : `no DestinationRule in the files makes the subset "${subset}" of ${host}.`;
        yield {
          object,
          path: [...path, 'subset'],
          message: `Calls that take this route fail (503 NC): ${found}`,
          ...(names.length === 0 && { severity: 'warning' as const }),
          ...(near !== undefined && {
            fix: { title: `name ${near}`, certain: false, changes: [set(object, [...path, 'subset'], near)] },
          }),
        };
      }
    }
  },
};
