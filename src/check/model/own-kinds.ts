/** The API groups of the kinds that rules ask for by name. Another group may have a kind of the same name: Knative's Service. */
export const ownKinds = {
  Namespace: [''],
  Service: [''],
  ConfigMap: [''],
  Secret: [''],
  Pod: [''],
  Node: [''],
  Deployment: ['apps', 'extensions'],
  DaemonSet: ['apps', 'extensions'],
  StatefulSet: ['apps'],
  Ingress: ['networking.k8s.io', 'extensions'],
  IngressClass: ['networking.k8s.io'],
  NetworkPolicy: ['networking.k8s.io', 'extensions'],
  PodSecurityPolicy: ['policy', 'extensions'],
  ValidatingWebhookConfiguration: ['admissionregistration.k8s.io'],
  MutatingWebhookConfiguration: ['admissionregistration.k8s.io'],
  APIService: ['apiregistration.k8s.io'],
  CustomResourceDefinition: ['apiextensions.k8s.io'],
  DestinationRule: ['networking.istio.io'],
  EnvoyFilter: ['networking.istio.io'],
  Gateway: ['networking.istio.io'],
  ProxyConfig: ['networking.istio.io'],
  ServiceEntry: ['networking.istio.io'],
  Sidecar: ['networking.istio.io'],
  VirtualService: ['networking.istio.io'],
  WorkloadEntry: ['networking.istio.io'],
  WorkloadGroup: ['networking.istio.io'],
  AuthorizationPolicy: ['security.istio.io'],
  PeerAuthentication: ['security.istio.io'],
  RequestAuthentication: ['security.istio.io'],
  Telemetry: ['telemetry.istio.io'],
  WasmPlugin: ['extensions.istio.io'],
  HTTPRoute: ['gateway.networking.k8s.io'],
  GRPCRoute: ['gateway.networking.k8s.io'],
  TCPRoute: ['gateway.networking.k8s.io'],
  TLSRoute: ['gateway.networking.k8s.io'],
  ServiceMonitor: ['monitoring.coreos.com'],
  PodMonitor: ['monitoring.coreos.com'],
} as const satisfies Record<string, readonly string[]>;

export type OwnKind = keyof typeof ownKinds;

/** Whether an object is of that kind, of Kubernetes', Istio's or another known group. */
export function isOfKind({ group, kind }: { readonly group: string; readonly kind: string }, own: OwnKind): boolean {
  return kind === own && (ownKinds[own] as readonly string[]).includes(group);
}
