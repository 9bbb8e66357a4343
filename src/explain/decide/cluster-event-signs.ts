import type { TextSign } from './text-sign.ts';

const probe = '(?:Readiness|Liveness|Startup) probe (?:failed|errored)';

/**
 * Events of Kubernetes, the log of istio-proxy and what istioctl prints; the first that fits is it. Sources: Kubernetes 1.37
 * (kubelet's prober, the API server's webhooks), Istio 1.31 (pilot-agent, istioctl proxy-status); istio/istio#52874, #47932,
 * #46211, #38824, #55029.
 */
export const clusterEventSigns: readonly TextSign[] = [
  ['webhook-denied', 'certain', /admission webhook "(?<webhook>[^"]+)" denied the request/i],
  ['injector-down', 'certain', /failed calling webhook "(?<webhook>[^"]*sidecar-injector[^"]*)"(?!.*x509)/i],
  ['validation-down', 'certain', /failed calling webhook "(?<webhook>[^"]*istio\.io[^"]*)"(?!.*x509)/i],
  ['webhook-certificate', 'certain', /failed calling webhook "(?<webhook>[^"]+)".*x509/i],
  ['webhook-strict', 'likely', /failed calling webhook "(?<webhook>[^"]+)".*(?:\bEOF\b|reset by peer|spiffe:)/i],
  ['webhook-down', 'likely', /failed call(?:ing)? (?:to )?webhook(?: "(?<webhook>[^"]+)")?/i],
  ['sidecar-not-ready', 'certain', new RegExp(`${probe}.*:(?<port>15021|15020)/(?!app-health)`, 'i')],
  ['sidecar-not-ready', 'likely', new RegExp(`${probe}.*:15020/app-health.*(?:refused|reset by peer|EOF)`, 'i')],
  ['probe-rewritten-failed', 'certain', new RegExp(`${probe}.*:15020/app-health`, 'i')],
  [
    'probe-strict',
    'likely',
    new RegExp(`${probe}.*(?::(?<port>\\d+)[/":]).*(?:reset by peer|EOF|malformed HTTP|broken pipe)`, 'i'),
  ],
  ['probe-strict', 'likely', new RegExp(`${probe}.*(?:reset by peer|EOF|malformed HTTP|broken pipe)`, 'i')],
  [
    'probe-app-down',
    'likely',
    new RegExp(`${probe}.*(?::(?<port>\\d+)[/":]).*(?:refused|timeout|deadline|statuscode)`, 'i'),
  ],
  ['probe-app-down', 'likely', new RegExp(`${probe}.*(?:refused|timeout|deadline|timed out)`, 'i')],
  // The kubelet names no URL here: a rewritten probe says 500 or 503 as well.
  ['probe-rewritten-failed', 'possible', new RegExp(`${probe}.*statuscode: 50\\d`, 'i')],
  ['probe-app-down', 'possible', new RegExp(probe, 'i')],

  ['port-taken', 'certain', /cannot bind '(?<address>[^']+)': Address already in use/i],
  ['address-not-ours', 'certain', /cannot bind '(?<address>[^']+)': Cannot assign requested address/i],
  ['port-privileged', 'certain', /cannot bind '(?<address>[^']+)': Permission denied/i],
  ['config-rejected', 'certain', /gRPC config for \S*?(?<resource>\w+) rejected/i],
  ['config-rejected', 'certain', /Error adding\/updating (?<resource>listener|cluster)/i],
  ['config-rejected', 'certain', /NOT ready:.*(?:config was rejected|[1-9]\d* rejected)/i],
  ['xds-not-received', 'certain', /config not (?:fully )?received from/i],
  [
    'csr-failed',
    'certain',
    /failed to sign CSR|failed to generate (?:workload )?(?:certificate|secret)|failed to warm certificate|CSR Signing failed/i,
  ],
  ['istiod-unreachable', 'certain', /gRPC config stream.*closed since (?:\d{3,}|[6-9]\d)s ago/i],
  [
    'istiod-unreachable',
    'likely',
    /gRPC config stream.*closed.*(?:no healthy upstream|connect error|connection (?:error|failure|refused)|timeout|no such host)/i,
  ],
  [
    'xds-stream-closed',
    'likely',
    /gRPC config stream.*closed|upstream \[?\d*\]? ?terminated with unexpected error|stream terminated by RST_STREAM/i,
  ],
  [
    'istiod-unreachable',
    'likely',
    /(?:istiod\S*|:15012\b).*(?:refused|timeout|timed out|no such host|unavailable|deadline|no route)/i,
  ],
  ['sidecar-not-ready', 'likely', /Envoy proxy is NOT ready/i],
  ['config-rejected', 'likely', /\bNACK(?:ED)?\b|\bERROR\s*\((?:LDS|CDS|RDS|EDS|ECDS)/],
  // A row of proxy-status: POD.NAMESPACE, perhaps the cluster, then CDS and LDS.
  ['out-of-sync', 'certain', /^(?<pod>[a-z0-9-]+)\.(?<podNamespace>[a-z0-9-]+)\s.*\bSTALE\b/],
  ['out-of-sync', 'certain', /\bSTALE\b(?=.*istiod|.*NOT SENT|.*SYNCED|\s*(?:\(|$))/],

  [
    'out-of-sync',
    'possible',
    /^(?<pod>[A-Za-z0-9-]+)\.(?<podNamespace>[a-z0-9-]+)\s+(?:\S+\s+)?SYNCED(?: \([^)]*\))?\s+NOT SENT\b/,
  ],
  ['not-injected', 'certain', /\bIST0103\b|sidecar injection (?:failed|skipped)|missing the Istio proxy/i],
  ['cluster-not-found', 'certain', /\bIST0101\b/],
  ['analysis-message', 'certain', /\bIST0\d{3}\b/],
  ['cni-failed', 'certain', /istio-cni.*(?:failed|unable)|failed.*istio-cni|unable to push CNI event/i],
  ['sidecar-not-ready', 'likely', /workload-spiffe-uds/],

  ['memory-limit', 'certain', /OOMKilled|\bOOM[- ]?kill/i],
  [
    'init-not-allowed',
    'likely',
    /violates PodSecurity|NET_ADMIN|iptables(?:-restore)?.*(?:permission denied|must be root|can't initialize|unable to initialize|failed|not permitted)/i,
  ],
  ['job-never-ends', 'likely', /\b1\/2\s+(?:NotReady|Completed)\b|Job was active longer than specified deadline/i],
  ['init-no-network', 'possible', /\bInit:(?:Error|CrashLoopBackOff|0\/\d)/i],
  ['exit-126', 'certain', /exec format error|exec .*: permission denied/i],
  ['exit-127', 'certain', /executable file not found in \$PATH|exec.*: no such file or directory|command not found/i],
  ['exit-1', 'possible', /BackoffLimitExceeded|reached the specified backoff limit/],
  ['root-cert-missing', 'certain', /istio-ca-root-cert.*not found/i],
  ['killed', 'possible', /\bSIGKILL\b|signal: killed/],
  ['terminated', 'possible', /\bSIGTERM\b/],
  ['crash-loop', 'certain', /CrashLoopBackOff|Back-off restarting failed container/i],
  [
    'not-injected',
    'possible',
    /no istio-proxy|container istio-proxy is not valid|container "?istio-proxy"? not found/i,
  ],
];

/** What the exit code of a container means. */
export const exitCauses = {
  1: 'exit-1',
  69: 'exit-69',
  126: 'exit-126',
  127: 'exit-127',
  134: 'segfault',
  137: 'killed',
  139: 'segfault',
  143: 'terminated',
} as const;

export const exitPattern = /\b(?:exit(?:ed)?(?: with)?(?: (?:code|status))?|exitCode)\b["']?[:=]? *(?<code>\d{1,3})\b/i;
