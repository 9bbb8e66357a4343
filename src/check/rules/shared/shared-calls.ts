import { meshGateway } from '../../model/routing/gateways.ts';
import { contradict } from '../../model/selectors.ts';
import type { KubeObject } from '../../read/manifest.ts';
import { type Dict, dict, list, texts } from '../../read/values.ts';

/**
 * Which calls of sidecars the HTTP routes of two VirtualServices of one host are both for. One that has no route for a
 * sidecar, by the port or its labels, leaves the host to the other one there; routes of TCP and TLS are all used
 * (TranslateRoute, and "no routes matched", in pilot/pkg/networking/core/route of Istio 1.31).
 */
export function sharedCalls(one: KubeObject, other: KubeObject): 'all' | 'some' | 'none' {
  const [ours, theirs] = [meshMatches(one), meshMatches(other)];
  if (ours.some(isForAll) && theirs.some(isForAll)) return 'all';
  return ours.some((match) => theirs.some((rival) => mayMeet(match, rival))) ? 'some' : 'none';
}

function meshMatches({ data }: KubeObject): Dict[] {
  return list(dict(data.spec).http).flatMap((item) => {
    const matches = list(dict(item).match).map(dict);
    if (matches.length === 0) return [{}];
    return matches.filter(({ gateways }) => list(gateways).length === 0 || list(gateways).includes(meshGateway));
  });
}

function isForAll({ port, sourceNamespace, sourceLabels }: Dict): boolean {
  return port === undefined && sourceNamespace === undefined && sourceLabels === undefined;
}

function mayMeet(one: Dict, other: Dict): boolean {
  const agree = (key: string) => one[key] === undefined || other[key] === undefined || one[key] === other[key];
  return agree('port') && agree('sourceNamespace') && !contradict(texts(one.sourceLabels), texts(other.sourceLabels));
}
