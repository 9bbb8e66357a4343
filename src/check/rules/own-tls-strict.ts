import { permitPlain, refusedCalls, strictBy } from './shared/permit-plain.ts';
import type { Rule } from './shared/rule.ts';

export const ownTlsStrict: Rule = {
  id: 'own-tls-strict',
  severity: 'warning',
  title: "A STRICT port with the app's own TLS that clients without a sidecar can reach",
  why: "STRICT asks for the mesh's mTLS around the app's TLS. Clients outside the mesh speak only the app's TLS and are refused.",
  fix: 'PERMISSIVE for that container port (`portLevelMtls`): the app authenticates its clients itself.',
  docs: ['A Service of type LoadBalancer or NodePort is taken as the sign that clients come from outside.'],
  *check(cluster) {
    for (const [{ object, path, port }, target] of refusedCalls(cluster, 'load-balancer')) {
      yield {
        object,
        path,
        message: `Clients from outside the mesh are refused on port ${port?.port}: it is STRICT${strictBy(target)}.`,
        restsOn: target.accepted.restsOn,
        fix: permitPlain(cluster, target, `accept the app's own TLS on container port ${target.number}`),
      };
    }
  },
};
