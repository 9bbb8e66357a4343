import { rewriteAnnotation } from '../model/injection.ts';
import { trafficOf } from '../model/traffic/traffic.ts';
import { annotate } from './shared/annotations.ts';
import type { Rule } from './shared/rule.ts';

export const probeMtls: Rule = {
  id: 'probe-mtls',
  severity: 'error',
  title: 'An HTTP or gRPC probe on a STRICT port, not rewritten',
  why: 'The kubelet has no certificate of the mesh: its plain probe is refused by the sidecar, the pod never becomes ready, or is restarted for ever.',
  fix: 'Let Istio rewrite the probes (`sidecar.istio.io/rewriteAppHTTPProbers: "true"`); or give health a port of its own with `portLevelMtls` PERMISSIVE, or in `traffic.sidecar.istio.io/excludeInboundPorts`.',
  docs: ['`mesh-shim template health-port` prints the PeerAuthentication for a health port.'],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const { injection, object } = workload;
      if (injection.injected !== true || injection.rewritesProbes) continue;
      for (const container of workload.template.containers) {
        for (const probe of container.probes) {
          if ((probe.kind !== 'httpGet' && probe.kind !== 'grpc') || probe.port === undefined) continue;
          const { takes, mtls, restsOn } = trafficOf(cluster).accepted(workload, probe.port);
          if (takes !== 'mtls') continue;
          const by = mtls?.by;
          yield {
            object,
            path: probe.path,
            message: `The ${probe.field} fails: port ${probe.port} is STRICT${by ? ` by ${by.kind} ${by.namespace}/${by.name}` : ''}, and the kubelet speaks no mTLS.`,
            restsOn: [...restsOn, 'probeRewrite'],
            fix: {
              title: 'let Istio rewrite the probes',
              certain: true,
              changes: [annotate(workload, rewriteAnnotation, 'true')],
            },
          };
        }
      }
    }
  },
};
