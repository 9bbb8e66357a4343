import { describe, expect, it } from 'vitest';
import { emptyLine } from '../../../src/explain/read/access-line.ts';
import { readEntry } from '../../../src/explain/read/read-entry.ts';
import { envoyLine, istioLine, jsonLine, oldIstioLine, tcpLine, ztunnelLine } from '../../fixtures/explain/lines.ts';

const access = (text: string) => {
  const entry = readEntry(text);
  return entry.kind === 'access' ? entry.line : undefined;
};

describe('a line of text', () => {
  const istio = {
    time: '2026-11-24T10:00:00.000Z',
    method: 'GET',
    path: '/a',
    protocol: 'HTTP/1.1',
    status: 503,
    flags: ['URX', 'UF'],
    details: 'upstream_reset_before_response_started{connection_failure}',
    termination: undefined,
    transport: 'TLS_error: x',
    authority: 'web.shop',
    upstreamHost: '10.0.0.1:8080',
    cluster: 'outbound|80||web.shop.svc.cluster.local',
    localAddress: '10.0.0.2:80',
    remoteAddress: '10.0.0.3:4000',
    serverName: undefined,
    route: 'default',
  };
  const line = istioLine({ flags: 'URX,UF', details: istio.details, transport: 'TLS_error: x' });

  it('of Istio since 1.9, with its quotes and blanks', () => {
    expect(access(line)).toEqual(istio);
    expect(access(`  ${line}\r`)).toEqual(istio);
    // With more fields at its end, as somebody added them.
    expect(access(`${line} "more" 7`)).toEqual(istio);
  });

  it('of Istio up to 1.8: one field after the flags, or two, is the transport failure', () => {
    const old = { ...istio, time: '2020-05-24T10:00:00.000Z', flags: ['UF'], details: undefined };
    const addresses = { localAddress: '10.96.0.1:80', remoteAddress: '10.0.0.9:5000' };
    expect(access(oldIstioLine)).toEqual({ ...old, ...addresses, transport: 'delayed connect error: 111' });
    const first = oldIstioLine.replace('"-" "delayed', '"delayed');
    expect(access(first)).toEqual({ ...old, ...addresses, transport: 'delayed connect error: 111' });
    expect(access(oldIstioLine.replace('"delayed connect error: 111"', '"-"'))?.transport).toBeUndefined();
  });

  it("of Envoy's own format, which has neither details nor clusters", () => {
    expect(access(envoyLine)).toEqual({
      ...emptyLine,
      time: '2026-11-24T10:00:01.000Z',
      method: 'POST',
      path: '/b',
      protocol: 'HTTP/2',
      status: 504,
      flags: ['UT'],
      authority: 'api.shop',
      upstreamHost: '10.0.0.9:80',
    });
  });

  it('of a TCP connection, with the details of its end and its server name', () => {
    const text = tcpLine({
      flags: 'UF,URX',
      termination: 'rbac_access_denied_matched_policy[none]',
      sni: 'db.example',
    });
    expect(access(text)).toMatchObject({
      method: undefined,
      status: 0,
      flags: ['UF', 'URX'],
      details: undefined,
      termination: 'rbac_access_denied_matched_policy[none]',
      serverName: 'db.example',
      route: undefined,
    });
  });

  it('whose beginning or end was cut off', () => {
    expect(access(line.slice(line.indexOf('"')))).toEqual({ ...istio, time: undefined });
    expect(access('"GET /x HTTP/1.1" 503 UC upstream_reset')).toMatchObject({
      status: 503,
      flags: ['UC'],
      details: 'upstream_reset',
    });
    expect(access(line.slice(0, line.indexOf('"-" "a ')))).toMatchObject({ flags: ['URX', 'UF'], cluster: undefined });
    expect(access('[2026-11-24T10:00:00Z] "GET /x HTTP/1.1" 503 UC "cut')).toMatchObject({ flags: ['UC'] });
  });
});

describe('a line of JSON', () => {
  it('with all fields, with null, numbers as text, other spellings', () => {
    expect(access(jsonLine())).toMatchObject({ status: 503, flags: ['UH'], upstreamHost: undefined, authority: 'web' });
    expect(access('{"response_code":"404","response_flags":"-"}')).toMatchObject({ status: 404, flags: [] });
    expect(access('{"responseFlags":"UF,URX","upstreamCluster":"c"}')).toMatchObject({
      flags: ['UF', 'URX'],
      cluster: 'c',
    });
    expect(access('{"response_code":0,"response_flags":null,"path":""}')).toMatchObject({ status: 0, path: undefined });
  });

  it.each(['{}', '{"status":503,"path":"/x"}', '{broken', '{"response_code"', '[]', '{"level":"info","msg":"x"}'])(
    'is not %s',
    (text) => expect(access(text)).toBeUndefined(),
  );
});

describe('no line of an access log is', () => {
  it.each([
    ...['', 'x', '[info] started', '[x] "GET / HTTP/1.1"', '[2026-01-01] "GET / HTTP/1.1" OK UF'],
    ...['[2026-01-01] "y" 2000 UF', '[2026-01-01] "y" 200 7', '[2026-01-01] "y" -- UF', '[2026-01-01] "y'],
    // Of a web server: the day comes first.
    '10.0.0.9 - - [05/Jan/2026:10:00:00 +0000] "GET / HTTP/1.1" 404 - "-" "curl"',
  ])('%s', (text) => expect(access(text)).toBeUndefined());
});

describe('around a line may be', () => {
  const line = istioLine({ flags: 'UC' });
  const stamp = '2026-11-24T11:00:00.123456789Z';

  it.each([
    ['a time', `${stamp} ${line}`, undefined],
    ['a time with an offset', `2026-11-24T11:00:00.1+00:00 ${line}`, undefined],
    ["kubectl's prefix", `[pod/web-0/istio-proxy] ${line}`, 'web-0'],
    ["kubectl's prefix and a time", `[pod/web-0/istio-proxy] ${stamp} ${line}`, 'web-0'],
    ['CRI', `${stamp} stdout F ${line}`, undefined],
    ["stern's", `web-0 istio-proxy ${line}`, 'web-0'],
    ["stern's with the namespace", `shop web-0 istio-proxy ${line}`, 'web-0'],
    ["stern's in colour", `\u001b[36mweb-0\u001b[0m \u001b[32mistio-proxy\u001b[0m ${line}`, 'web-0'],
    ["stern's JSON", JSON.stringify({ message: line, podName: 'web-0' }), 'web-0'],
    ["docker's JSON", JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: stamp }), undefined],
    ["Fluent Bit's", JSON.stringify({ log: line, kubernetes: { pod_name: 'web-0' } }), 'web-0'],
    ['docker in CRI', `${stamp} stdout F ${JSON.stringify({ log: line })}`, undefined],
    ['a mark of UTF-8', `\ufeff${JSON.stringify({ log: line })}`, undefined],
    ['something else', `Jan 05 10:00:00 node kubelet: ${line}`, undefined],
  ])('%s', (_, text, pod) => {
    const entry = readEntry(text);
    expect(entry).toMatchObject({ kind: 'access', pod, time: '2026-11-24T10:00:00.000Z', line: { flags: ['UC'] } });
  });

  it('the same around JSON', () => {
    for (const text of [
      `[pod/web-0/istio-proxy] ${jsonLine()}`,
      `${stamp} stdout F ${jsonLine()}`,
      JSON.stringify({ log: jsonLine() }),
      JSON.stringify({ jsonPayload: JSON.parse(jsonLine()), timestamp: stamp }),
      `web-0 istio-proxy ${jsonLine()}`,
    ]) {
      expect(readEntry(text), text).toMatchObject({ kind: 'access', line: { flags: ['UH'] } });
    }
  });
});

it("ztunnel's text and JSON", () => {
  const seen = { source: 'orders-0', workload: 'web-0', namespace: 'shop', service: 'web.shop.svc.cluster.local' };
  expect(readEntry(ztunnelLine('io error: "x"'.replaceAll('"', '\\"')))).toMatchObject({
    kind: 'ztunnel',
    time: '2026-11-24T10:00:00.000000Z',
    line: { ...seen, error: 'io error: \\"x\\"' },
  });
  expect(readEntry(ztunnelLine())).toMatchObject({ kind: 'ztunnel', line: { error: undefined } });
  const json = {
    level: 'error',
    time: 't',
    scope: 'access',
    message: 'connection complete',
    'src.addr': 'a',
    error: 'e',
  };
  expect(readEntry(JSON.stringify(json))).toMatchObject({
    kind: 'ztunnel',
    time: 't',
    line: { error: 'e', source: 'a' },
  });
});

it.each([
  ['2026-01-05T10:00:00.000000Z\tinfo\tEnvoy proxy is ready', true],
  ['[2026-01-05 10:00:00.000][15][info][upstream] x', true],
  ['{"level":30,"msg":"x"}', true],
  ['{"severity":"INFO","msg":"x"}', true],
  ['2026-01-05T10:00:00.000000Z\twarn\tEnvoy proxy is NOT ready', false],
  ['[2026-01-05 10:00:00.000][15][warning][config] x', false],
  ['{"level":50,"msg":"x"}', false],
  ['Error: connect ECONNREFUSED', false],
])('%s is quiet: %s', (text, quiet) => {
  expect(readEntry(text)).toMatchObject({ kind: 'text', quiet });
});
