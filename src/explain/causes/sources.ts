const istio = 'https://istio.io/latest/docs';
const envoy = 'https://www.envoyproxy.io/docs/envoy/latest';
const kubernetes = 'https://kubernetes.io/docs';

/** The pages that causes link to. What is said rests on Envoy up to 1.40, Istio up to 1.31 and Kubernetes up to 1.37. */
export const sources = {
  'envoy-details': `${envoy}/configuration/http/http_conn_man/response_code_details`,
  'envoy-flags': `${envoy}/configuration/observability/access_log/usage#config-access-log-format-response-flags`,
  'envoy-limits': `${envoy}/configuration/best_practices/edge`,
  'envoy-overload': `${envoy}/configuration/operations/overload_manager/overload_manager`,
  'envoy-timeouts': `${envoy}/faq/configuration/timeouts`,
  'istio-ambient': `${istio}/ambient/usage/troubleshoot-ztunnel/`,
  'istio-ambient-network-policy': `${istio}/ambient/usage/networkpolicy/`,
  'istio-app': `${istio}/ops/deployment/application-requirements/`,
  'istio-authorization': `${istio}/ops/common-problems/security-issues/`,
  'istio-custom-authorization': `${istio}/tasks/security/authorization/authz-custom/`,
  'istio-destination-rule': `${istio}/reference/config/networking/destination-rule/`,
  'istio-egress': `${istio}/tasks/traffic-management/egress/egress-control/`,
  'istio-fault': `${istio}/tasks/traffic-management/fault-injection/`,
  'istio-injection': `${istio}/ops/common-problems/injection/`,
  'istio-jwt': `${istio}/reference/config/security/request_authentication/`,
  'istio-mtls': `${istio}/tasks/security/authentication/mtls-migration/`,
  'istio-network': `${istio}/ops/common-problems/network-issues/`,
  'istio-probes': `${istio}/ops/configuration/mesh/app-health-check/`,
  'istio-protocols': `${istio}/ops/configuration/traffic-management/protocol-selection/`,
  'istio-proxy-cmd': `${istio}/ops/diagnostic-tools/proxy-cmd/`,
  'istio-rate-limit': `${istio}/tasks/policy-enforcement/rate-limit/`,
  'istio-sidecar': `${istio}/setup/additional-setup/sidecar-injection/`,
  'istio-virtual-service': `${istio}/reference/config/networking/virtual-service/`,
  'kubernetes-debug-pod': `${kubernetes}/tasks/debug/debug-application/debug-pods/`,
  'kubernetes-dns': `${kubernetes}/tasks/administer-cluster/dns-debugging-resolution/`,
  'kubernetes-exit': `${kubernetes}/tasks/debug/debug-application/determine-reason-pod-failure/`,
  'kubernetes-pod-end': `${kubernetes}/concepts/workloads/pods/pod-lifecycle/#pod-termination`,
  'kubernetes-probes': `${kubernetes}/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/`,
  'kubernetes-sidecar': `${kubernetes}/concepts/workloads/pods/sidecar-containers/`,
  'kubernetes-webhook': `${kubernetes}/reference/access-authn-authz/extensible-admission-controllers/`,
  'node-errors': 'https://nodejs.org/api/errors.html#common-system-errors',
} as const;
