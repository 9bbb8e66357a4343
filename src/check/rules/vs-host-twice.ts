import { groupBy } from '../model/group-by.ts';
import { isExportedTo } from '../model/routing/export-to.ts';
import { isForMesh, ownHosts } from '../model/routing/gateways.ts';
import { hasOwnNamespace } from '../model/routing/own-namespace.ts';
import type { KubeObject } from '../read/manifest.ts';
import { objectName } from '../read/manifest.ts';
import { dict, list } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';
import { sharedCalls } from './shared/shared-calls.ts';

export const vsHostTwice: Rule = {
  id: 'vs-host-twice',
  severity: 'error',
  title: 'Two VirtualServices of sidecars for one host',
  why: 'Sidecars take the oldest VirtualService of a host, and no route of the others. Which is the oldest changes when one is deleted and made anew.',
  fix: 'One VirtualService with all routes of the host. (At a gateway, several are merged.)',
  docs: [
    'A warning where the two are in several files, which may be alternatives, or in several namespaces; info where they are in several files and say no namespace.',
    'Silent where no call is for both: other ports, other clients (`sourceLabels`, `sourceNamespace`), or HTTP routes in the one and TCP in the other. Where they share some calls only, it is a warning.',
    'Hosts are compared as they stand: that `*.example.com` and `a.example.com` meet is no fault, since the longer one wins.',
  ],
  *check(cluster) {
    const isSettled = (object: KubeObject) => hasOwnNamespace(object, cluster.inputs.namespace);
    const routed = cluster.ofKind('VirtualService').filter(isForMesh);
    const pairs = routed.flatMap((object) => [...new Set(ownHosts(object))].map((host) => ({ object, host })));
    for (const [host, all] of groupBy(pairs, (pair) => pair.host)) {
      for (const [index, { object }] of all.entries()) {
        const rival = all.slice(0, index).find((other) => compete(other.object, object));
        if (rival === undefined) continue;
        const isOneFile = rival.object.document.source === object.document.source;
        const isOne = isOneFile && rival.object.namespace === object.namespace;
        // What says no namespace goes where it is applied: two files may go to two.
        const isGuess = !isOneFile && !(isSettled(object) && isSettled(rival.object));
        const isCertain = isOne && sharedCalls(rival.object, object) === 'all';
        const place = ownHosts(object).indexOf(host);
        yield {
          object,
          path: ['spec', 'hosts', place],
          message: `Sidecars take the routes of the older one only${isGuess ? ', if both are in one namespace' : ''}: ${objectName(rival.object)} is for ${host}, too.`,
          ...(!isCertain && { severity: isGuess ? 'info' : 'warning' }),
        };
      }
    }
  },
};

function compete(one: KubeObject, other: KubeObject): boolean {
  return !isCopy(one, other) && meet(one, other) && sharedCalls(one, other) !== 'none';
}

/** The same object in another file. */
function isCopy(one: KubeObject, other: KubeObject): boolean {
  return one.name === other.name && one.namespace === other.namespace;
}

/** Whether some namespace sees both. */
function meet(one: KubeObject, other: KubeObject): boolean {
  const named = [one, other].flatMap(({ data }) => list(dict(data.spec).exportTo).map(String));
  const names = [one.namespace, other.namespace, ...named.filter((name) => name !== '.')];
  return names.some((name) => isExportedTo(one, name) && isExportedTo(other, name));
}
