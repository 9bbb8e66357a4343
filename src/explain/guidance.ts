/** Where to look after a response flag, and which rules of the checker find its cause in manifests. */
export interface Guidance {
  /** Things to look at, most promising first; never empty. */
  readonly look: readonly string[];
  readonly rules: readonly string[];
}

/** For flags that are not in the table: extensions of Envoy have their own. */
const unknownFlag: Guidance = { look: ["the sidecar's log (mesh-shim log-level debug --for 5m)"], rules: [] };

/** By flag, in the order of the table of flags. */
export const guidanceByFlag: ReadonlyMap<string, Guidance> = new Map(
  Object.entries({
    UH: {
      look: [
        'kubectl get endpointslices: which pods are ready',
        'the subsets of the DestinationRule',
        'istioctl proxy-config endpoints POD --cluster NAME: which endpoints are ejected',
      ],
      rules: ['headless-not-ready', 'pa-port'],
    },
    UF: {
      look: [
        'the pod: is it up, and does the application listen on the port',
        'istioctl x describe pod POD: the mTLS mode of both sides',
        'the NetworkPolicies of both namespaces',
      ],
      rules: [
        'dr-vs-pa',
        'startup-unprotected',
        'headless-port-missing',
        'own-tls-strict',
        'init-outside-mesh',
        'uid-1337',
      ],
    },
    UO: {
      look: [
        'connectionPool of the DestinationRule',
        'istioctl proxy-config clusters POD -o json: circuitBreakers',
        'the latency of the service',
      ],
      rules: [],
    },
    NR: {
      look: [
        'the Host header or, with TLS, the server name (SNI)',
        'istioctl proxy-config routes POD: is there a route for it',
        'the names of the ports of the Service',
      ],
      rules: ['port-undeclared', 'headless-http', 'se-no-address', 'own-tls-as-http'],
    },
    URX: { look: ['the other flag of the line: it says how the last try failed'], rules: [] },
    NC: {
      look: ['the subset that the VirtualService names', 'istioctl proxy-status: is the sidecar in sync'],
      rules: ['startup-unprotected'],
    },
    DT: {
      look: ['max_connection_duration and max_downstream_connection_duration in EnvoyFilters'],
      rules: [],
    },
    DC: {
      look: ["the client's timeout", "the client's log: was it shut down"],
      rules: ['port-undeclared'],
    },
    LH: {
      look: ['the pod: was it being shut down', "calls of /healthcheck/fail in the log of the sidecar's admin"],
      rules: [],
    },
    UT: { look: ['timeout and perTryTimeout of the VirtualService', 'the latency of the service'], rules: [] },
    LR: {
      look: ["the sidecar's log (mesh-shim log-level debug --for 5m)", 'the EnvoyFilters and WasmPlugins of the pod'],
      rules: [],
    },
    UR: {
      look: ["the application's log at that time", 'the pod: was it being shut down'],
      rules: ['drain-too-short'],
    },
    UC: {
      look: [
        "the server's keep-alive timeout: 5 s is too short, more than the sidecar's idle timeout of 1 h is not needed",
        "restarts of the application's container",
        'the pod: was it being shut down',
      ],
      rules: ['drain-too-short'],
    },
    DI: { look: ['fault.delay in the VirtualServices of the host'], rules: [] },
    FI: { look: ['fault.abort in the VirtualServices of the host'], rules: [] },
    RL: { look: ['the rate limits in EnvoyFilters for this route'], rules: [] },
    UAEX: {
      look: ['the log of the authorization service', 'the AuthorizationPolicy with action CUSTOM'],
      rules: [],
    },
    RLSE: {
      look: ['the log of the rate limit service', 'failure_mode_deny in the EnvoyFilter that configures it'],
      rules: [],
    },
    IH: { look: ['the x-envoy-* headers that the client sends'], rules: [] },
    SI: {
      look: [
        'streams that are idle for longer than the timeout',
        'a server that speaks first on a port whose protocol is detected',
      ],
      rules: ['port-undeclared'],
    },
    DPE: {
      look: ['the client: is it an nginx, or another that speaks HTTP/1.0', 'what the client sends to this port'],
      rules: ['nginx-http10', 'own-tls-as-http', 'port-name-contradicts'],
    },
    UPE: {
      look: [
        'what the application really speaks on the port: HTTP/1.1, HTTP/2 or TLS',
        'appProtocol and name of the port of the Service',
      ],
      rules: ['own-tls-as-http', 'port-shared', 'port-mixed', 'port-name-contradicts'],
    },
    UMSDR: { look: ['max_stream_duration in EnvoyFilters', 'the latency of the service'], rules: [] },
    RFCF: { look: ['the cache filter in EnvoyFilters', 'the age header of the reply'], rules: [] },
    NFCF: {
      look: ['istioctl proxy-status: what the sidecar rejected', 'the WasmPlugins of the pod'],
      rules: [],
    },
    OM: { look: ['memory and CPU limits of istio-proxy (sidecar.istio.io/proxyMemoryLimit)'], rules: [] },
    DF: {
      look: ['the host of the ServiceEntry', 'kubectl exec POD -- getent hosts NAME'],
      rules: ['se-no-address'],
    },
    DO: { look: ['what the control plane drops: drop_overloads of the endpoints (EDS)'], rules: [] },
    DR: { look: ["the client's log: did it give up", "the client's timeout"], rules: [] },
    UDO: { look: ['what the control plane drops: drop_overloads of the endpoints (EDS)'], rules: [] },
  }),
);

export function guidanceFor(flag: string): Guidance {
  return guidanceByFlag.get(flag) ?? unknownFlag;
}
