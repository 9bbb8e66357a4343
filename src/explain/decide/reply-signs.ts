import type { TextSign } from './text-sign.ts';

/**
 * What proxies write into replies, alone or inside a client's message (`rpc error: code = Unavailable desc = ...`).
 * Sources: replies recorded from Envoy 1.36 and 1.40; istio/ztunnel src/proxy.rs.
 */
export const replySigns: readonly TextSign[] = [
  ['ambient-strict', 'certain', /explicitly denied by: (?<policy>\S*istio_converted_static_strict)/i],
  ['ambient-denied-by-policy', 'certain', /explicitly denied by: (?<policy>[^\s"]+)/i],
  ['ambient-denied', 'certain', /allow policies exist, but none allowed/i],
  ['ambient-port-closed', 'certain', /NetworkPolicy is blocking HBONE/i],
  [
    'access-denied-by-policy',
    'certain',
    /matched_policy\[ns\[(?<policyNamespace>[^\]]*)\]-policy\[(?<policy>[^\]]*)\]/,
  ],
  ['access-denied', 'certain', /RBAC: access denied|rbac_access_denied/i],
  ['token-keys', 'certain', /\bJwks (?:remote|doesn't|is|async|uri)|\bJwks_/i],
  [
    'token-refused',
    'certain',
    /(?<tokenReason>\bJwt (?:is|issuer|header|verification|not|kid|has|authn|in)\b[^"\n]*|Audiences in Jwt[^"\n]*)/i,
  ],
  ['token-refused', 'certain', /jwt_authn_access_denied/],
  // The handshake decides before the connection that failed with it.
  ['certificate-san', 'certain', /CERTIFICATE_VERIFY_FAILED.*SAN|verify SAN list|SAN matcher/i],
  ['certificate-expired', 'certain', /TLS_error.*expired/i],
  ['certificate-untrusted', 'likely', /CERTIFICATE_VERIFY_FAILED/],
  ['mtls-mismatch', 'certain', /OPENSSL_internal:WRONG_VERSION_NUMBER|TLS_error.*WRONG_VERSION_NUMBER|268435703/],
  ['http-at-tls', 'certain', /OPENSSL_internal:HTTP_REQUEST|268435612/],
  ['no-client-certificate', 'certain', /PEER_DID_NOT_RETURN_A_CERTIFICATE/i],
  ['tls-no-common', 'certain', /OPENSSL_internal:(?:UNSUPPORTED_PROTOCOL|NO_SHARED_CIPHER|\w*PROTOCOL_VERSION)/i],
  ['tls-failed', 'likely', /TLS_error|OPENSSL_internal/],
  [
    'upstream-refused',
    'certain',
    /reset reason:.*(?:connect error: 111|connection refused)|delayed[_ ]connect[_ ]error:[_ ](?:111|Connection[_ ]refused)/i,
  ],
  ['upstream-unreachable', 'certain', /delayed[_ ]connect[_ ]error:[_ ]113|reset reason:.*no route to host/i],
  ['upstream-timeout-connect', 'certain', /reset reason:.*connection timeout|delayed[_ ]connect[_ ]error:[_ ]110/i],
  ['upstream-connect-failed', 'likely', /reset reason:.*connection failure/i],
  ['server-closed', 'likely', /reset reason:.*connection termination/i],
  ['server-reset', 'certain', /reset reason:.*remote (?:refused stream )?reset/i],
  ['local-reset', 'certain', /reset reason:.*local (?:refused stream )?reset/i],
  ['circuit-breaker', 'certain', /reset reason:.*overflow/i],
  ['wrong-protocol', 'certain', /reset reason:.*protocol error/i],
  ['proxy-overloaded', 'certain', /reset reason:.*overload manager|envoy overloaded/i],
  ['upstream-connect-failed', 'possible', /upstream connect error or disconnect\/reset before headers/i],
  ['no-healthy-upstream', 'likely', /no[ _]healthy[ _](?:upstream|host)|produced zero addresses/i],
  ['upstream-slow', 'certain', /upstream request timeout/i],
  ['duration-limit', 'certain', /upstream max stream duration reached|downstream duration timeout/i],
  ['stream-idle', 'certain', /^\W*stream timeout\W*$/i],
  ['load-shed', 'certain', /^\W*(?:maintenance mode|(?:unconditional )?drop overload)\W*$/i],
  ['fault-injected', 'certain', /fault filter abort/i],
  ['rate-limited', 'certain', /local_rate_limited/],
  ['http10', 'certain', /\b426\b.*Upgrade Required|^\W*Upgrade Required\W*$/i],
  ['registry-only', 'certain', /\bBlackHoleCluster\b|\bblock_all\b|\bREGISTRY_ONLY\b/],
  ['inbound-passthrough', 'likely', /\bInboundPassthroughCluster(?:Ipv[46])?\b/],
  ['passthrough', 'certain', /\bPassthroughCluster\b/],
];
