import { permitPlain, refusedCalls, strictBy } from './shared/permit-plain.ts';
import type { Rule } from './shared/rule.ts';

export const scrapeStrict: Rule = {
  id: 'scrape-strict',
  severity: 'warning',
  title: 'Metrics that Prometheus scrapes without mTLS from a STRICT port',
  why: 'Prometheus calls pods by their addresses, in plain text, with or without a sidecar of its own. A STRICT port refuses it, and no metrics arrive.',
  fix: 'Let Istio merge the metrics into its own port (the default, with the `prometheus.io/` annotations); or give Prometheus certificates of the mesh (`tlsConfig.certFile`); or PERMISSIVE for that container port.',
  docs: [
    'It reads ServiceMonitors, PodMonitors, and the pods\' annotations where `prometheus.istio.io/merge-metrics` is "false". An endpoint with a client certificate, or a monitor with a `scrapeClass`, is left alone.',
    'A warning, not an error: a default scrape class of the Prometheus object may bring certificates, and a Prometheus with a sidecar reaches the pods of headless Services in mTLS.',
  ],
  *check(cluster) {
    for (const [call, target, refused] of refusedCalls(cluster, 'prometheus')) {
      const { kind, name } = target.workload.object;
      const more = refused.length === 1 ? '' : ` (and ${refused.length - 1} more)`;
      yield {
        object: call.object,
        path: call.path,
        message: `Prometheus gets no metrics from port ${target.number} of ${kind} ${name}${more}: it is STRICT${strictBy(target)}, and the scrape has no certificate.`,
        restsOn: target.accepted.restsOn,
        fix: permitPlain(cluster, target, `accept plain text on container port ${target.number}`),
      };
    }
  },
};
