import type { CauseId } from '../causes/index.ts';

/**
 * Envoy's response code details by what they begin with, the longer before the shorter; what the braces hold is decided
 * before (`line-signs.ts`). Sources: Envoy 1.40 response_code_details.rst and stream_info.h; the filters rbac, jwt_authn,
 * ext_authz, fault, local_ratelimit and ratelimit.
 */
export const detailCauses: Readonly<Record<string, CauseId>> = {
  absolute_path_rejected: 'request-malformed',
  admin_filter_response: 'admin-answered',
  cluster_not_found: 'cluster-not-found',
  dns_resolution_failure: 'upstream-dns',
  downstream_header_timeout: 'request-slow',
  downstream_local_disconnect: 'proxy-closed',
  downstream_remote_disconnect: 'client-gone',
  drop_overload: 'load-shed',
  duration_timeout: 'duration-limit',
  early_connect_data: 'request-malformed',
  ext_authz_denied: 'authorizer-denied',
  ext_authz_error: 'authorizer-down',
  fault_filter_abort: 'fault-injected',
  filter_added_invalid: 'filter-broke',
  filter_removed_required: 'filter-broke',
  'http1.headers_too_large': 'headers-too-large',
  'http1.too_many_headers': 'headers-too-large',
  'http1.': 'not-http',
  'http2.too_many_headers': 'headers-too-large',
  'http2.inbound_empty_frames_flood': 'http2-flood',
  'http2.outbound_frames_flood': 'http2-flood',
  'http2.': 'not-http',
  'http3.': 'not-http',
  internal_redirect: 'internal-redirect',
  invalid_path: 'request-malformed',
  jwt_authn_access_denied: 'token-refused',
  local_rate_limited: 'rate-limited',
  low_version: 'http10',
  maintenance_mode: 'load-shed',
  max_duration_timeout: 'duration-limit',
  missing_host_header: 'request-malformed',
  missing_path_rejected: 'request-malformed',
  no_healthy_upstream: 'no-healthy-upstream',
  overload: 'proxy-overloaded',
  path_normalization_failed: 'request-malformed',
  rate_limiter_error: 'rate-limiter-down',
  rbac_access_denied: 'access-denied',
  rejecting_because_detection_failed: 'detection-failed',
  request_header_timeout: 'request-slow',
  request_headers_failed_strict_check: 'envoy-headers-invalid',
  request_overall_timeout: 'request-slow',
  request_payload_exceeded_retry_buffer_limit: 'body-too-large',
  request_payload_too_large: 'body-too-large',
  request_rate_limited: 'rate-limited',
  response_payload_too_large: 'reply-too-large',
  response_timeout: 'upstream-slow',
  route_configuration_not_found: 'routes-missing',
  route_not_found: 'route-not-found',
  stream_idle_timeout: 'stream-idle',
  unconditional_drop_overload: 'load-shed',
  upgrade_failed: 'upgrade-refused',
  upstream_max_stream_duration_reached: 'duration-limit',
  upstream_per_try_idle_timeout: 'upstream-slow',
  upstream_per_try_timeout: 'upstream-slow',
  upstream_request_timeout: 'upstream-slow',
  upstream_response_timeout: 'upstream-slow',
  websocket_handshake_unsuccessful: 'upgrade-refused',
};

/** The cause of details, by the longest beginning. */
export function causeOfDetails(details: string): CauseId | undefined {
  let best: string | undefined;
  for (const start of Object.keys(detailCauses)) {
    if (details.startsWith(start) && start.length > (best?.length ?? 0)) best = start;
  }
  return best === undefined ? undefined : detailCauses[best];
}
