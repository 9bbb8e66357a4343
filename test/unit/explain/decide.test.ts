import { describe, expect, it } from 'vitest';
import type { CauseId } from '../../../src/explain/causes/index.ts';
import { exitCauses } from '../../../src/explain/decide/cluster-event-signs.ts';
import { flagCauses } from '../../../src/explain/decide/flag-table.ts';
import { statusCauses } from '../../../src/explain/decide/status-finding.ts';
import { explainText } from '../../../src/explain/explain-text.ts';
import { describeResponseFlag, responseFlags } from '../../../src/mesh/replies/response-flags.ts';
import { envoyLine, istioLine, jsonLine, oldIstioLine, tcpLine, ztunnelLine } from '../../fixtures/explain/lines.ts';
import { responseCodeDetails } from '../../fixtures/explain/response-code-details.ts';

const causeOf = (text: string) => explainText(text)?.finding?.cause;
const upstreamReset = (why: string) => `upstream_reset_before_response_started{${why}}`;

describe('a response code detail, alone and in a line', () => {
  it.each(Object.entries(responseCodeDetails))('%s', (details, cause) => {
    expect(causeOf(details)).toBe(cause);
    const status = details === 'via_upstream' || details === 'internal_redirect' ? 200 : 500;
    if (details.startsWith('filter_chain')) expect(causeOf(tcpLine({ flags: 'NR', details }))).toBe(cause);
    else expect(causeOf(istioLine({ status, details }))).toBe(cause);
  });
});

describe('a response flag, short, long, small, and as a field', () => {
  it.each(responseFlags.map(({ flag }) => flag))('%s', (flag) => {
    const [cause] = flagCauses[flag] ?? [];
    expect(cause).toBeDefined();
    const { longName } = describeResponseFlag(flag);
    for (const text of [flag, flag.toLowerCase(), longName, `response_flags=${flag}`, `"response_flags": "${flag}"`]) {
      expect(causeOf(text), text).toBe(cause);
    }
  });

  it('of an extension, in a line', () => {
    const explained = explainText(istioLine({ flags: 'XYZ' }));
    expect(explained?.finding).toMatchObject({ cause: 'unknown-flag', facts: { flag: 'XYZ' } });
    for (const flag of ['constructor', '__proto__', 'toString']) {
      expect(causeOf(jsonLine({ response_flags: flag, response_code_details: null }))).toBe('unknown-flag');
      expect(explainText(flag)).toBeUndefined();
    }
  });

  it('beside others decides, wherever it stands', () => {
    for (const text of ['URX,UF', 'UF,URX', '503 URX UF', 'UF 503 URX', 'flags=URX,UF;status=503']) {
      expect(causeOf(text), text).toBe('upstream-connect-failed');
    }
    expect(causeOf('404 NR route_not_found')).toBe('route-not-found');
    expect(causeOf('route_not_found NR 404')).toBe('route-not-found');
    expect(causeOf('0 NR filter_chain_not_found')).toBe('strict-plaintext');
    expect(causeOf('HTTP/1.1 503 UC')).toBe('server-closed');
    expect(causeOf('UF inbound|8080||')).toBe('app-refused');
  });

  it('is none in a sentence, nor where one of several is none', () => {
    for (const text of ['UF,XX', 'XX', 'UF you', 'NO', 'OK', '', 'a b c d e f g h i j']) {
      expect(explainText(text), text).toBeUndefined();
    }
  });
});

describe('a line: all that it holds decides', () => {
  const tls = (why: string) => `TLS_error:|268435581:SSL routines:OPENSSL_internal:${why}:TLS_error_end`;
  const refused = { flags: 'UF', details: upstreamReset('remote_connection_failure|delayed_connect_error:_111') };

  it.each<[CauseId, string]>([
    ['upstream-refused', istioLine(refused)],
    ['app-refused', istioLine({ ...refused, cluster: 'inbound|8080||' })],
    ['passthrough-refused', istioLine({ ...refused, cluster: 'PassthroughCluster' })],
    ['inbound-passthrough', istioLine({ ...refused, cluster: 'InboundPassthroughCluster' })],
    ['inbound-passthrough', istioLine({ ...refused, cluster: 'InboundPassthroughClusterIpv4' })],
    ['upstream-refused', oldIstioLine],
    ['upstream-slow', envoyLine],
    ['no-healthy-upstream', jsonLine()],
    [
      'subset-empty',
      jsonLine({ upstream_cluster: 'outbound|80|v2|web.shop.svc.cluster.local', response_code_details: null }),
    ],
    [
      'mtls-mismatch',
      istioLine({ flags: 'UF', details: upstreamReset('connection_failure'), transport: tls('WRONG_VERSION_NUMBER') }),
    ],
    ['certificate-untrusted', istioLine({ flags: 'UF', transport: tls('CERTIFICATE_VERIFY_FAILED') })],
    [
      'certificate-san',
      istioLine({ flags: 'UF', transport: tls('CERTIFICATE_VERIFY_FAILED:verify cert failed: verify SAN list') }),
    ],
    [
      'certificate-expired',
      istioLine({
        flags: 'UF',
        transport: 'TLS_error:|268436501:SSL routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_EXPIRED',
      }),
    ],
    [
      'http-at-tls',
      istioLine({
        flags: 'UF',
        transport: 'TLS_error:|268435612:SSL routines:OPENSSL_internal:HTTP_REQUEST:TLS_error_end',
      }),
    ],
    ['no-client-certificate', tcpLine({ transport: tls('PEER_DID_NOT_RETURN_A_CERTIFICATE') })],
    ['tls-no-common', istioLine({ flags: 'UF', transport: tls('UNSUPPORTED_PROTOCOL') })],
    ['tls-failed', istioLine({ flags: 'UF', transport: tls('SOMETHING_NEW') })],
    ['upstream-unreachable', istioLine({ flags: 'UF', transport: 'delayed connect error: 113' })],
    ['network-unreachable', istioLine({ flags: 'UF', transport: 'delayed connect error: 101' })],
    ['app-refused', tcpLine({ flags: 'UF', cluster: 'inbound|5432||' })],
    ['passthrough-broken', tcpLine({ flags: 'UF,URX', cluster: 'PassthroughCluster' })],
    [
      'app-closed',
      istioLine({ flags: 'UC', details: upstreamReset('connection_termination'), cluster: 'inbound|8080||' }),
    ],
    ['server-closed', istioLine({ flags: 'UC', details: upstreamReset('connection_termination') })],
    ['registry-only', tcpLine({ flags: 'UH', cluster: 'BlackHoleCluster' })],
    ['registry-only', istioLine({ status: 502, details: 'direct_response', route: 'block_all', cluster: '-' })],
    ['registry-only', istioLine({ status: 502, details: 'direct_response', route: '-', cluster: '-' })],
    ['route-answered', istioLine({ status: 301, details: 'direct_response', route: '-', cluster: '-' })],
    ['strict-plaintext', tcpLine({ flags: 'NR', details: 'filter_chain_not_found', cluster: '-' })],
    ['unknown-sni', tcpLine({ flags: 'NR', details: 'filter_chain_not_found', cluster: '-', sni: 'shop.example' })],
    ['strict-plaintext', tcpLine({ flags: 'NR', cluster: '-' })],
    ['access-denied', tcpLine({ termination: 'rbac_access_denied_matched_policy[none]', cluster: 'inbound|5432||' })],
    [
      'istiod-unreachable',
      istioLine({ flags: 'UF', details: upstreamReset('connection_timeout'), cluster: 'xds-grpc' }),
    ],
    ['http10', istioLine({ request: 'GET / HTTP/1.0', status: 426, flags: 'DPE' })],
    ['headers-too-large', istioLine({ status: 431, flags: 'DPE' })],
    ['http10', '[2026-11-24T10:00:01.000Z] "GET / HTTP/1.0" 426 - 0 16 0 - "-" "nginx" "id" "web" "-"'],
    ['app-answered', istioLine({ status: 404, details: 'via_upstream' })],
    ['app-failed', istioLine({ status: 500, details: 'via_upstream' })],
    ['no-failure', istioLine({ status: 200, details: 'via_upstream' })],
    ['no-failure', tcpLine()],
    ['unknown-refusal', istioLine({ status: 418, details: 'lua_response' })],
    ['unknown-refusal', tcpLine({ details: 'something_new' })],
    ['unknown-status', '{"response_code":503,"response_flags":"-"}'],
  ])('%s: %s', (cause, line) => {
    expect(causeOf(line)).toBe(cause);
  });

  it('and says by what', () => {
    const because = (line: string) => explainText(line)?.finding?.because;
    expect(because(istioLine({ ...refused, cluster: 'inbound|8080||' }))).toBe(
      `the details say "${refused.details}" and the cluster is inbound|8080||`,
    );
    expect(because(istioLine({ flags: 'UF', transport: tls('WRONG_VERSION_NUMBER') }))).toMatch(
      /^the transport failure says "TLS_error/,
    );
    expect(because(tcpLine({ termination: 'rbac_access_denied_matched_policy[none]' }))).toMatch(
      /^the connection ended with/,
    );
    expect(because(tcpLine({ cluster: 'BlackHoleCluster' }))).toBe('the cluster is BlackHoleCluster');
    expect(because(istioLine({ route: 'block_all' }))).toBe('the route is block_all');
    expect(because(istioLine({ status: 500, details: 'via_upstream' }))).toMatch(/the status is 500, and the details/);
  });

  it('its facts come into the words', () => {
    const facts = (line: string) => explainText(line)?.finding?.facts;
    expect(facts(istioLine())).toMatchObject({
      service: 'web.shop.svc.cluster.local',
      name: 'web',
      namespace: 'shop',
      port: '80',
    });
    expect(facts(istioLine({ cluster: 'outbound|443|v1|api.example.com' }))).toMatchObject({
      service: 'api.example.com',
      subset: 'v1',
    });
    expect(facts(istioLine({ cluster: 'outbound_.80_._.web.shop.svc.cluster.local' }))).toMatchObject({
      port: '80',
      name: 'web',
    });
    expect(facts(tcpLine({ cluster: 'inbound|5432||' }))).toMatchObject({ port: '5432', client: '10.0.0.3' });
    const named = istioLine({
      status: 403,
      details: 'rbac_access_denied_matched_policy[ns[shop]-policy[only-read]-rule[2]]',
    });
    expect(facts(named)).toMatchObject({
      policyNamespace: 'shop',
      policy: 'only-read',
      rule: ', rule 2, counted from 0',
    });
    expect(facts(istioLine({ details: 'jwt_authn_access_denied{Jwt_is_expired}' }))).toMatchObject({
      tokenReason: ': Jwt is expired',
    });
  });
});

describe('ztunnel', () => {
  it.each<[CauseId, string]>([
    ['ambient-denied', 'connection closed due to policy rejection: allow policies exist, but none allowed'],
    ['ambient-denied-by-policy', 'connection closed due to policy rejection: explicitly denied by: shop/no-admin'],
    [
      'ambient-strict',
      'connection closed due to policy rejection: explicitly denied by: istio-system/istio_converted_static_strict',
    ],
    [
      'ambient-port-closed',
      'connection timed out, maybe a NetworkPolicy is blocking HBONE port 15008: deadline has elapsed',
    ],
    ['ambient-refused-by-peer', 'http status: 401 Unauthorized'],
    ['ambient-no-upstream', 'no healthy upstreams: web.shop.svc.cluster.local'],
    ['ambient-connect-failed', 'connection failed: Connection refused (os error 111)'],
    ['ambient-connect-failed', 'io error: Connection reset by peer (os error 104)'],
    ['ambient-failed', 'something new'],
  ])('%s: %s', (cause, error) => {
    expect(causeOf(ztunnelLine(error))).toBe(cause);
  });

  it('a connection that went well is no failure', () => expect(causeOf(ztunnelLine())).toBe('no-failure'));
});

describe('a status alone', () => {
  it.each([...statusCauses])('%s', (status, [cause, ...others]) => {
    const explained = explainText(String(status));
    if (others.length === 0) expect(explained?.finding?.cause).toBe(cause);
    else expect(explained?.candidates).toEqual([cause, ...others]);
  });

  it('with its phrase, or in a sentence', () => {
    for (const text of [
      '503 Service Unavailable',
      'HTTP/1.1 503 Service Unavailable',
      'Request failed with status code 503',
    ]) {
      expect(explainText(text)?.candidates, text).toEqual(statusCauses.get(503));
    }
    for (const text of ['299', '999', '50', '5030', '503x', 'x503', '-503', 'order 404 shipped']) {
      expect(explainText(text), text).toBeUndefined();
    }
  });
});

describe('an exit code', () => {
  it.each(Object.entries(exitCauses))('%s', (code, cause) => {
    for (const text of [
      code,
      `exit code ${code}`,
      `Exit Code: ${code}`,
      `exited with code ${code}`,
      `"exitCode": ${code}`,
    ]) {
      expect(causeOf(text), text).toBe(cause);
    }
  });

  it('that says nothing', () => expect(explainText('exit code 3')).toBeUndefined());
});
