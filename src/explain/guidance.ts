/** Where to look after a response flag, and which rules of the checker find its cause in manifests. */
export interface Guidance {
  readonly look: readonly string[];
  readonly rules: readonly string[];
}

/** For a flag that is not in {@link guidanceByFlag}. */
export const defaultGuidance: Guidance = {
  look: ["the sidecar's log (mesh-shim log-level debug --for 5m)"],
  rules: [],
};

export const guidanceByFlag: ReadonlyMap<string, Guidance> = new Map(
  Object.entries({
    UH: {
      look: [
        'kubectl get endpointslices: which pods are ready',
        'the subsets of the DestinationRule',
        'istioctl proxy-config endpoints POD --cluster NAME: which are ejected',
      ],
      rules: ['headless-not-ready', 'pa-port'],
    },
    UF: {
      look: [
        'is the pod up, and does the app listen on the port',
        'istioctl x describe pod POD: the mTLS mode of both sides',
        'NetworkPolicies of both namespaces',
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
        'the Host header or, on TLS, the server name',
        'istioctl proxy-config routes POD: is there one for it',
        'the names of the Service ports',
      ],
      rules: ['port-undeclared', 'headless-http', 'se-no-address', 'own-tls-as-http'],
    },
    URX: { look: ['the other flag of the line: that is how the last try failed'], rules: [] },
    NC: {
      look: ['the subset that the VirtualService names', 'istioctl proxy-status: is the sidecar in sync'],
      rules: ['startup-unprotected'],
    },
    DC: { look: ["the client's time limit", 'was the client shut down'], rules: ['port-undeclared'] },
    UT: { look: ['timeout and perTryTimeout of the VirtualService', 'the latency of the service'], rules: [] },
    UR: { look: ["the app's log at that time", 'was the pod being shut down'], rules: ['drain-too-short'] },
    UC: {
      look: [
        "the server's keep-alive time limit: longer than the sidecar's idle hour is not needed, 5 s is too short",
        "restarts of the app's container",
        'was the pod being shut down',
      ],
      rules: ['drain-too-short'],
    },
    UPE: {
      look: [
        'what the app really speaks on the port: HTTP/1.1, HTTP/2, TLS',
        'appProtocol and name of the Service port',
      ],
      rules: ['own-tls-as-http', 'port-shared', 'port-mixed', 'port-name-contradicts'],
    },
    DPE: {
      look: ['is the client an nginx or another that speaks HTTP/1.0', 'what the client sends to this port'],
      rules: ['nginx-http10', 'own-tls-as-http', 'port-name-contradicts'],
    },
    SI: {
      look: [
        'does a stream idle for longer than the time limit',
        'does the server speak first on a port that is sniffed',
      ],
      rules: ['port-undeclared'],
    },
    RL: { look: ['the rate limits of EnvoyFilters for this route'], rules: [] },
    UAEX: { look: ['the log of the authorization service', 'the AuthorizationPolicy with action CUSTOM'], rules: [] },
    DF: { look: ['the host of the ServiceEntry', 'kubectl exec POD -- getent hosts NAME'], rules: ['se-no-address'] },
    OM: { look: ['memory and CPU limits of istio-proxy (sidecar.istio.io/proxyMemoryLimit)'], rules: [] },
    NFCF: { look: ['istioctl proxy-status: what the sidecar rejected', 'the WasmPlugins of the pod'], rules: [] },
  }),
);

/** What a bare status says in a mesh: what it may mean, and the flags that would tell more. */
export const statuses: Readonly<Record<number, { readonly meaning: string; readonly flags: readonly string[] }>> = {
  400: { meaning: 'The request was malformed, or TLS reached a port that is declared as HTTP.', flags: ['DPE'] },
  401: {
    meaning: 'A RequestAuthentication found the token (JWT) missing in form, expired or of another issuer.',
    flags: [],
  },
  403: {
    meaning: 'An AuthorizationPolicy denied it ("RBAC: access denied"), or the application did.',
    flags: ['UAEX'],
  },
  404: {
    meaning: 'The sidecar has no route for the Host header and path (empty body), or the application has no such page.',
    flags: ['NR'],
  },
  408: { meaning: 'Nothing was sent for too long.', flags: ['SI', 'UMSDR'] },
  426: {
    meaning: 'The client spoke HTTP/1.0, which Envoy refuses: usually an nginx without "proxy_http_version 1.1".',
    flags: ['DPE'],
  },
  429: { meaning: 'A rate limit of the mesh or of the application.', flags: ['RL'] },
  431: { meaning: 'The headers are larger than 60 KiB, which is what Envoy takes.', flags: ['DPE'] },
  500: { meaning: 'The application failed; an empty body can be a sidecar whose route points nowhere.', flags: ['NC'] },
  502: {
    meaning:
      'The port speaks another protocol than it declares ("protocol error"); with an empty body a host that REGISTRY_ONLY does not know.',
    flags: ['UPE'],
  },
  503: {
    meaning: 'The sidecar got no answer from the service: the body or the flag says why.',
    flags: ['UF', 'UH', 'UC', 'UO', 'NC'],
  },
  504: { meaning: 'The service did not answer within the time limit of the route.', flags: ['UT', 'UMSDR'] },
};
