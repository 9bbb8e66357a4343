import { minorOf } from './inputs.ts';

/** The oldest release of the table, and of the supported ones. */
const first = 15;

/**
 * The annotations that Istio reads: name, kinds that they belong to, and the first and the last minor release that knows
 * them, where it is not all of 1.15 to 1.31. Source: istio.io/api of each release, recorded by scripts/istio; beside it
 * scrape-targets and secure-port, which the injector of 1.31 reads (pkg/kube/inject/webhook.go).
 */
export const istioAnnotations: readonly (readonly [name: string, kinds: string, since?: number, until?: number])[] = [
  ['alpha.istio.io/canonical-serviceaccounts', 'Service'],
  ['alpha.istio.io/identity', 'Pod', first, 23],
  ['alpha.istio.io/kubernetes-serviceaccounts', 'Service'],
  ['ambient.istio.io/bypass-inbound-capture', 'Pod', 24],
  ['ambient.istio.io/dns-capture', 'Pod', 25],
  ['ambient.istio.io/redirection', 'Pod', 24],
  ['ambient.istio.io/waypoint-inbound-binding', 'Gateway GatewayClass', 24],
  ['galley.istio.io/analyze-suppress', 'Any'],
  ['gateway.istio.io/controller-version', 'Any', 18],
  ['gateway.istio.io/name-override', 'Gateway', 24],
  ['gateway.istio.io/service-account', 'Gateway', 24],
  ['inject.istio.io/templates', 'Pod'],
  ['install.operator.istio.io/chart-owner', 'Any', first, 23],
  ['install.operator.istio.io/owner-generation', 'Any', first, 23],
  ['install.operator.istio.io/version', 'Any', first, 23],
  ['istio.io/autoRegistrationGroup', 'WorkloadEntry'],
  ['istio.io/connectedAt', 'WorkloadEntry'],
  ['istio.io/disconnectedAt', 'WorkloadEntry'],
  ['istio.io/dry-run', 'AuthorizationPolicy'],
  ['istio.io/reroute-virtual-interfaces', 'Pod', 25],
  ['istio.io/rev', 'Pod', 18],
  ['istio.io/use-waypoint-canary-weight', 'Namespace Service ServiceEntry', 31],
  ['istio.io/workloadController', 'WorkloadEntry'],
  ['networking.istio.io/exportTo', 'Service'],
  ['networking.istio.io/service-type', 'Gateway', 24],
  ['networking.istio.io/traffic-distribution', 'Namespace Service ServiceEntry', 24],
  ['prometheus.istio.io/merge-metrics', 'Pod'],
  ['prometheus.istio.io/scrape-targets', 'Pod', 31],
  ['prometheus.istio.io/secure-port', 'Pod', 31],
  ['proxy.istio.io/config', 'Pod'],
  ['proxy.istio.io/overrides', 'Pod'],
  ['readiness.status.sidecar.istio.io/applicationPorts', 'Pod'],
  ['readiness.status.sidecar.istio.io/failureThreshold', 'Pod'],
  ['readiness.status.sidecar.istio.io/initialDelaySeconds', 'Pod'],
  ['readiness.status.sidecar.istio.io/periodSeconds', 'Pod'],
  ['sidecar.istio.io/agentLogLevel', 'Pod'],
  ['sidecar.istio.io/bootstrapOverride', 'Pod'],
  ['sidecar.istio.io/componentLogLevel', 'Pod'],
  ['sidecar.istio.io/controlPlaneAuthPolicy', 'Pod', first, 23],
  ['sidecar.istio.io/discoveryAddress', 'Pod'],
  ['sidecar.istio.io/enableCoreDump', 'Pod', first, 24],
  ['sidecar.istio.io/extraStatTags', 'Pod'],
  ['sidecar.istio.io/inject', 'Pod'],
  ['sidecar.istio.io/interceptionMode', 'Pod'],
  ['sidecar.istio.io/logLevel', 'Pod'],
  ['sidecar.istio.io/nativeSidecar', 'Pod', 24],
  ['sidecar.istio.io/proxyCPU', 'Pod'],
  ['sidecar.istio.io/proxyCPULimit', 'Pod'],
  ['sidecar.istio.io/proxyImage', 'Pod'],
  ['sidecar.istio.io/proxyImageType', 'Pod'],
  ['sidecar.istio.io/proxyMemory', 'Pod'],
  ['sidecar.istio.io/proxyMemoryLimit', 'Pod'],
  ['sidecar.istio.io/rewriteAppHTTPProbers', 'Pod'],
  ['sidecar.istio.io/statsCompression', 'Pod', 26],
  ['sidecar.istio.io/statsEvictionInterval', 'Pod', 28],
  ['sidecar.istio.io/statsFlushInterval', 'Pod', 28],
  ['sidecar.istio.io/statsHistogramBins', 'Pod', 28],
  ['sidecar.istio.io/statsHistogramBuckets', 'Pod', 19],
  ['sidecar.istio.io/statsInclusionPrefixes', 'Pod'],
  ['sidecar.istio.io/statsInclusionRegexps', 'Pod'],
  ['sidecar.istio.io/statsInclusionSuffixes', 'Pod'],
  ['sidecar.istio.io/status', 'Pod'],
  ['sidecar.istio.io/userVolume', 'Pod'],
  ['sidecar.istio.io/userVolumeMount', 'Pod'],
  ['status.sidecar.istio.io/port', 'Pod'],
  ['topology.istio.io/controlPlaneClusters', 'Namespace'],
  ['traffic.istio.io/nodeSelector', 'Service'],
  ['traffic.sidecar.istio.io/excludeInboundPorts', 'Pod'],
  ['traffic.sidecar.istio.io/excludeInterfaces', 'Pod'],
  ['traffic.sidecar.istio.io/excludeOutboundIPRanges', 'Pod'],
  ['traffic.sidecar.istio.io/excludeOutboundPorts', 'Pod'],
  ['traffic.sidecar.istio.io/includeInboundPorts', 'Pod'],
  ['traffic.sidecar.istio.io/includeOutboundIPRanges', 'Pod'],
  ['traffic.sidecar.istio.io/includeOutboundPorts', 'Pod'],
  ['traffic.sidecar.istio.io/kubevirtInterfaces', 'Pod'],
];

/** What is known of an annotation in a release. */
export interface AnnotationFact {
  readonly name: string;
  readonly kinds: readonly string[];
  /** Why that release does not know it; undefined: it does. */
  readonly unknown: 'yet' | 'anymore' | undefined;
  /** The first or the last release that does, where this one does not. */
  readonly limit: string;
}

export const annotationNames: readonly string[] = istioAnnotations.map(([name]) => name);

/** Undefined: no release knows it. */
export function annotationFact(name: string, istio: string): AnnotationFact | undefined {
  const row = istioAnnotations.find(([known]) => known === name);
  if (row === undefined) return undefined;
  const [, kinds, since = first, until = Number.POSITIVE_INFINITY] = row;
  const minor = minorOf(istio);
  const unknown = minor < since ? 'yet' : minor > until ? 'anymore' : undefined;
  return { name, kinds: kinds.split(' '), unknown, limit: `1.${unknown === 'yet' ? since : until}` };
}

/** Whether it stands in a domain of Istio's, where nobody else's annotations are. */
export function isIstioAnnotation(name: string): boolean {
  return /(^|\.)istio\.io\//.test(name) && !/^(internal|install\.operator|operator)\.istio\.io\//.test(name);
}

/** Those that do something on the pod template only: on the workload's own metadata nobody reads them. */
export function isForPods(annotation: string): boolean {
  const [domain = ''] = annotation.split('/');
  return /^(sidecar|proxy|inject|traffic\.sidecar|status\.sidecar|readiness\.status\.sidecar|prometheus)\.istio\.io$/.test(
    domain,
  );
}
