import { permitPlain, refusedCalls, strictBy } from './shared/permit-plain.ts';
import type { Rule } from './shared/rule.ts';

export const ingressStrict: Rule = {
  id: 'ingress-strict',
  severity: 'warning',
  title: 'An Ingress whose controller, without a sidecar, calls a STRICT port',
  why: 'An ingress controller calls the pods themselves. Without a sidecar it has no certificate of the mesh, and a STRICT port refuses it: clients get 502.',
  fix: "Give the controller's pods a sidecar, or let a gateway of Istio serve the hosts. PERMISSIVE for that container port (`portLevelMtls`) lets the controller in, and everybody else without mTLS.",
  docs: [
    "A warning where the controller has no sidecar: load balancers of clouds (`alb`, `gce`, Application Gateway), and controllers whose pods are in the files. Where the files do not show it, an info. Silent for Istio's own class, and for a controller with a sidecar.",
  ],
  *check(cluster) {
    for (const [call, target] of refusedCalls(cluster, 'ingress')) {
      const { kind, name } = target.workload.object;
      const state = `port ${target.number} of ${kind} ${name} is STRICT${strictBy(target)}`;
      const restsOn = [...new Set([...target.accepted.restsOn, ...(call.restsOn ?? [])])];
      yield {
        object: call.object,
        path: call.path,
        message: call.unsure
          ? `Does ${call.to} have a sidecar? Else it is refused: ${state}.`
          : `${call.to.replace(/^t/, 'T')} has no sidecar and is refused: ${state}.`,
        severity: call.unsure ? 'info' : 'warning',
        restsOn,
        ...(call.unsure
          ? {}
          : { fix: permitPlain(cluster, target, `accept plain text on container port ${target.number}`) }),
      };
    }
  },
};
