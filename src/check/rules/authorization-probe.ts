import { rewriteAnnotation } from '../model/injection.ts';
import type { Authorization } from '../model/traffic/authorizations.ts';
import { type KubeletCall, kubeletCall, matchesKubelet } from '../model/traffic/kubelet-call.ts';
import { chainOf } from '../model/traffic/port-chain.ts';
import { trafficOf } from '../model/traffic/traffic.ts';
import { annotate } from './shared/annotations.ts';
import type { Rule } from './shared/rule.ts';

export const authorizationProbe: Rule = {
  id: 'authorization-probe',
  severity: 'error',
  title: 'A probe, not rewritten, that an AuthorizationPolicy refuses',
  why: 'The kubelet has no certificate of the mesh and no JWT. Where probes are not rewritten they pass through the sidecar, and its policies refuse them as anybody else: the pod never becomes ready, or is restarted for ever.',
  fix: 'Let Istio rewrite the probes (`sidecar.istio.io/rewriteAppHTTPProbers: "true"`): they then go to its agent, past the policies. Or allow them: a rule for the path or the port of the probe, without `from`.',
  docs: [
    'HTTP and gRPC probes; what a TCP probe asks, the sidecar answers itself. Silent where a rule may be about the probe, by addresses, hosts, headers or path templates.',
    'With a STRICT port the probe fails before that: see probe-mtls.',
  ],
  *check(cluster) {
    const traffic = trafficOf(cluster);
    for (const workload of cluster.workloads) {
      const { injection, object } = workload;
      if (injection.injected !== true || injection.rewritesProbes) continue;
      const authorizations = traffic.authorizations(workload);
      if (authorizations.length === 0) continue;
      for (const probe of workload.template.containers.flatMap(({ probes }) => probes)) {
        const chain = probe.port === undefined ? undefined : chainOf(cluster, workload, probe.port);
        const call = kubeletCall(object, probe, chain);
        if (call === undefined) continue;
        const { takes, mtls, restsOn } = traffic.accepted(workload, call.port);
        // Without it the port is not captured; a STRICT one is another rule's.
        if (mtls === undefined || takes === 'mtls') continue;
        const by = refusedBy(authorizations, call);
        if (by === undefined) continue;
        const { namespace, name } = by.object;
        const how = by.action === 'DENY' ? 'denies it' : 'allows others only, and no other policy allows it';
        yield {
          object,
          path: probe.path,
          message: `The ${probe.field} is refused: AuthorizationPolicy ${namespace}/${name} ${how} (the kubelet, ${call.method} ${call.path} on port ${call.port}).`,
          restsOn: [...restsOn, 'probeRewrite'],
          fix: {
            title: 'let Istio rewrite the probes',
            certain: true,
            changes: [annotate(workload, rewriteAnnotation, 'true')],
          },
        };
      }
    }
  },
};

/** The policy that refuses a probe for certain. */
function refusedBy(authorizations: readonly Authorization[], call: KubeletCall): Authorization | undefined {
  const answers = authorizations.map((authorization) => ({
    authorization,
    rules: authorization.rules.map((rule) => matchesKubelet(rule, call, authorization.action)),
  }));
  const denies = answers.find(({ authorization, rules }) => authorization.action === 'DENY' && rules.includes('yes'));
  if (denies !== undefined) return denies.authorization;
  const allows = answers.filter(({ authorization }) => authorization.action === 'ALLOW');
  const mayPass = allows.some(({ rules }) => rules.some((answer) => answer !== 'no'));
  return mayPass ? undefined : allows[0]?.authorization;
}
