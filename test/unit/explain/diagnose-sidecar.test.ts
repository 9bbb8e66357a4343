import { describe, expect, it } from 'vitest';
import { explainText } from '../../../src/explain/explain-text.ts';
import { chooseFinding } from '../../../src/explain/pod/choose-finding.ts';
import { readClusters } from '../../../src/explain/pod/clusters-answer.ts';
import { diagnoseSidecar } from '../../../src/explain/pod/diagnose-sidecar.ts';
import { diagnosisJson } from '../../../src/explain/words/answer-json.ts';
import { diagnosisText } from '../../../src/explain/words/diagnosis-text.ts';
import { plainPaint } from '../../../src/explain/words/paint.ts';

const now = Date.parse('2026-03-01T09:30:00Z');
const info = {
  state: 'LIVE',
  version: 'c/1.40.0/x',
  uptime_current_epoch: '75s',
  node: { metadata: { ISTIO_VERSION: '1.31.0' } },
};
const live = [
  ...['listener_manager.total_listeners_active: 5', 'listener_manager.lds.update_success: 1'],
  ...['cluster_manager.active_clusters: 3', 'cluster_manager.cds.update_success: 1'],
];
const empty = { serverInfo: JSON.stringify(info), stats: live.join('\n'), certs: '', clusters: '', listeners: '' };
const host = (stats: Record<string, string>, health: object = {}) => ({
  address: { socket_address: { address: '10.0.0.1', port_value: 8080 } },
  stats: Object.entries(stats).map(([name, value]) => ({ name, value })),
  health_status: { eds_health_status: 'HEALTHY', ...health },
});
const clusters = (name: string, ...host_statuses: object[]) =>
  JSON.stringify({ cluster_statuses: [{ name, host_statuses }] });
const web = 'outbound|80||web.shop.svc.cluster.local';
const diagnose = (more: Partial<typeof empty>) => diagnoseSidecar({ ...empty, ...more }, now).findings;
const counter = (...lines: string[]) => ({ stats: [...live, ...lines].join('\n'), clusters: clusters(web, host({})) });

describe('a sidecar', () => {
  it('in which nothing has failed has no finding, and says what it is', () => {
    const diagnosis = diagnoseSidecar({ ...empty, clusters: clusters(web, host({ cx_total: '9' })) }, now);
    expect(diagnosis.findings).toEqual([]);
    expect(diagnosisText(diagnosis, 5, { width: 80, paint: plainPaint })).toBe(
      [
        'No fault shows in this sidecar: it is ready, and nothing that it counts has',
        'failed.',
        '',
        '  Is     Istio 1.31.0, Envoy 1.40.0, LIVE, up for 75.0 s, 1 clusters',
        '  Next   kubectl logs POD -c istio-proxy --since=10m | mesh-shim explain -',
        '',
      ].join('\n'),
    );
  });

  it('that is not LIVE waits for its control plane, starts or drains: that comes first', () => {
    const state = (name: string, stats = '') =>
      diagnose({ serverInfo: JSON.stringify({ ...info, state: name }), ...(stats && { stats }) }).map(
        ({ cause }) => cause,
      );
    const nothing = 'listener_manager.total_listeners_active: 0\ncluster_manager.active_clusters: 3';
    expect(state('PRE_INITIALIZING', nothing)).toEqual(['xds-not-received']);
    expect(state('INITIALIZING')).toEqual(['sidecar-starting']);
    expect(state('DRAINING', nothing)).toEqual(['sidecar-draining']);
  });

  it('that rejected a listener says why, once', () => {
    const rejected = {
      stats: [...live, 'listener_manager.lds.update_rejected: 2', 'cluster_manager.cds.update_rejected: 1'].join('\n'),
    };
    const listeners = (details: string) =>
      JSON.stringify({ configs: [{ name: 'a' }, { name: 'b', error_state: { details } }] });
    expect(diagnose(rejected)).toMatchObject([
      { cause: 'config-rejected', because: '2 updates of listeners rejected' },
    ]);
    expect(diagnose({ ...rejected, listeners: listeners('unknown filter') })).toMatchObject([
      { cause: 'config-rejected', because: '2 updates of listeners rejected: "unknown filter"' },
    ]);
    const taken = listeners("cannot bind '0.0.0.0:15021': Address already in use");
    expect(diagnose({ ...rejected, listeners: taken })[0]).toMatchObject({
      cause: 'port-taken',
      facts: { address: '0.0.0.0:15021' },
    });
  });

  it('whose certificate has ended, or that has lost its control plane', () => {
    const certs = JSON.stringify({ certificates: [{ cert_chain: [{ expiration_time: '2026-03-01T09:00:00Z' }] }] });
    expect(diagnose({ certs })).toMatchObject([{ cause: 'certificate-expired' }]);
    expect(diagnose(counter('control_plane.connected_state: 0'))).toMatchObject([{ cause: 'istiod-unreachable' }]);
  });

  it.each([
    ['upstream_cx_connect_fail', 'upstream-refused'],
    ['upstream_cx_connect_timeout', 'upstream-timeout-connect'],
    ['ssl.connection_error', 'mtls-mismatch'],
    ['ssl.fail_verify_san', 'certificate-san'],
    ['ssl.fail_verify_error', 'certificate-untrusted'],
    ['upstream_cx_none_healthy', 'no-healthy-upstream'],
    ['upstream_rq_pending_overflow', 'circuit-breaker'],
    ['upstream_cx_protocol_error', 'wrong-protocol'],
    ['upstream_rq_timeout', 'upstream-slow'],
    ['upstream_cx_destroy_remote_with_active_rq', 'server-closed'],
  ])('of a cluster it counts %s: %s', (name, cause) => {
    const [finding] = diagnose(counter(`cluster.${web}.${name}: 7`));
    expect(finding).toMatchObject({ cause, facts: { name: 'web', namespace: 'shop' } });
    expect(finding?.because).toMatch(/^the sidecar has counted .*: 7 since its start$/);
  });

  it('a handshake that fails counts as a connection that fails: the handshake decides', () => {
    const both = counter(`cluster.${web}.upstream_cx_connect_fail: 9`, `cluster.${web}.ssl.connection_error: 9`);
    expect(diagnose(both).map(({ cause }) => cause)).toEqual(['mtls-mismatch']);
  });

  it('whose counters are held back, as Istio does, is read by its endpoints', () => {
    const failing = host({ cx_connect_fail: '3', cx_total: '4' });
    expect(diagnose({ clusters: clusters(web, host({}), failing) })).toMatchObject([
      {
        cause: 'upstream-connect-failed',
        sure: 'possible',
        because: expect.stringMatching(/^3 of 4 connections to 10\.0\.0\.1:8080/),
      },
    ]);
    expect(diagnose({ clusters: clusters('inbound|8080||', failing) })).toMatchObject([
      { cause: 'app-refused', facts: { port: '8080' } },
    ]);
    expect(diagnose({ clusters: clusters('PassthroughCluster', failing) })).toMatchObject([
      { cause: 'passthrough-refused' },
    ]);
    expect(diagnose({ clusters: clusters(web, host({ rq_timeout: '2' })) })).toMatchObject([
      { cause: 'upstream-slow' },
    ]);
    expect(diagnose({ clusters: clusters(web, host({}, { failed_outlier_check: true })) })).toMatchObject([
      { cause: 'all-ejected' },
    ]);
    // Its own way to the control plane is none of the app's.
    expect(diagnose({ clusters: clusters('prometheus_stats', failing) })).toEqual([]);
  });

  it('of its listeners it counts who was refused', () => {
    expect(diagnose(counter('listener.0.0.0.0_15006.no_filter_chain_match: 4'))).toMatchObject([
      { cause: 'strict-plaintext' },
    ]);
    expect(diagnose(counter('http.inbound_0.0.0.0_8080;.rbac.denied: 4', 'http.x.rbac.denied: 1'))).toMatchObject([
      { cause: 'access-denied', because: expect.stringMatching(/: 5 since its start$/), facts: { port: '8080' } },
    ]);
    expect(diagnose(counter('http.x.no_route: 1', 'http.y.no_cluster: 2')).map(({ cause }) => cause)).toEqual([
      'cluster-not-found',
      'route-not-found',
    ]);
    const hole = {
      stats: 'cluster.BlackHoleCluster.upstream_cx_none_healthy: 2',
      clusters: clusters('BlackHoleCluster'),
    };
    expect(diagnose(hole)).toMatchObject([{ cause: 'registry-only' }]);
  });

  it('tells faults before refusals, and of these what is more frequent', () => {
    const found = diagnose(
      counter('http.x.rbac.denied: 100', 'http.x.no_route: 1', 'http.x.fault.aborts_injected: 200'),
    );
    expect(found.map(({ cause }) => cause)).toEqual(['route-not-found', 'fault-injected', 'access-denied']);
    const text = diagnosisText(
      diagnoseSidecar({ ...empty, ...counter('http.x.rbac.denied: 1', 'http.x.no_route: 1') }, now),
      1,
      { width: 80, paint: plainPaint },
    );
    expect(text).toContain('\nand 1 more (--top 2)\n');
    expect(JSON.parse(diagnosisJson(diagnoseSidecar(empty, now)))).toMatchObject({
      sidecar: { state: 'LIVE' },
      findings: [],
    });
  });

  it('that answers with something else tells nothing', () => {
    for (const text of [
      '',
      'x',
      '{}',
      '[]',
      'null',
      '{"cluster_statuses":7}',
      '{"cluster_statuses":[7,{},{"name":"a","host_statuses":[7,{}]}]}',
    ]) {
      expect(() => readClusters(text)).not.toThrow();
      expect(
        diagnoseSidecar({ serverInfo: text, stats: text, certs: text, clusters: text, listeners: text }, now).findings,
      ).toEqual([]);
    }
  });
});

describe('between the causes of a text decides what the sidecar shows', () => {
  const choose = (text: string, more: Partial<typeof empty>) => {
    const explained = explainText(text);
    return explained && chooseFinding(explained, diagnose(more))?.cause;
  };
  const handshake = counter('http.x.rbac.denied: 5', `cluster.${web}.ssl.connection_error: 9`);

  it('of a flag, of a status, of a line', () => {
    expect(choose('UF', handshake)).toBe('mtls-mismatch');
    expect(choose('503', handshake)).toBe('mtls-mismatch');
    expect(choose('503 UC', handshake)).toBeUndefined();
    expect(choose('403', handshake)).toBe('access-denied');
    expect(choose('ECONNRESET', handshake)).toBe('access-denied');
  });

  it('at the upstream that the text names', () => {
    expect(choose('UF outbound|80||web.shop.svc.cluster.local', handshake)).toBe('mtls-mismatch');
    expect(choose('UF outbound|80||api.shop.svc.cluster.local', handshake)).toBeUndefined();
  });
});
