import { describe, expect, it } from 'vitest';
import { type AccessLogLine, parseAccessLogLine } from '../../../src/explain/access-log.ts';
import { envoyLine, istioLine, jsonLine, tcpLine } from '../../fixtures/access-log-lines.ts';

const read = (line: string) => parseAccessLogLine(line);
const nothing: AccessLogLine = {
  time: undefined,
  request: undefined,
  status: undefined,
  flags: [],
  details: undefined,
  transportFailure: undefined,
  authority: undefined,
  upstream: undefined,
};

describe('a line of text', () => {
  const istio: AccessLogLine = {
    time: '2026-11-24T10:00:00.000Z',
    request: 'GET /a HTTP/1.1',
    status: 503,
    flags: ['UF', 'URX'],
    details: 'upstream_reset_before_response_started{remote_connection_failure}',
    transportFailure: 'delayed_connect_error:_111',
    authority: 'web.shop',
    upstream: 'outbound|80||web.shop.svc.cluster.local',
  };

  it("in Istio's format, with its quotes and blanks", () => {
    expect(read(istioLine)).toEqual(istio);
    expect(read(`  ${istioLine}\r\n`)).toEqual(istio);
    // Cut off, or of a version that prints less at the end.
    expect(read(istioLine.split(' ').slice(0, -2).join(' '))).toEqual(istio);
  });

  it("in Istio's format without a cluster: the address that was called", () => {
    expect(read(istioLine.replace(/outbound\S+/, '-'))?.upstream).toBe('10.0.0.1:8080');
  });

  it("in Envoy's format, which has neither details nor clusters", () => {
    expect(read(envoyLine)).toEqual({
      ...nothing,
      time: '2026-11-24T10:00:01.000Z',
      request: 'POST /b HTTP/2',
      status: 504,
      flags: ['UT'],
      authority: 'api.shop',
      upstream: '10.0.0.9:80',
    });
  });

  it('of a TCP connection, which has no request and no status', () => {
    expect(read(tcpLine)).toEqual({
      ...nothing,
      time: '2026-11-24T10:00:02.000Z',
      flags: ['UF', 'URX'],
      upstream: 'outbound|5432||db.shop',
    });
    expect(read('[-] - - -')).toEqual(nothing);
    expect(read('[] "" 0 UF,,URX,-')).toEqual({ ...nothing, flags: ['UF', 'URX'] });
  });
});

describe('a line of JSON', () => {
  it('with all of its fields, or with one', () => {
    expect(read(jsonLine)).toEqual({
      ...nothing,
      time: '2026-11-24T10:00:03.000Z',
      request: 'GET / HTTP/1.1',
      status: 503,
      flags: ['UH'],
      authority: 'web',
      upstream: 'outbound|80||web',
    });
    expect(read('{"response_flags":"UF,URX"}')).toEqual({ ...nothing, flags: ['UF', 'URX'] });
    expect(read(' {"response_code":200} ')).toEqual({ ...nothing, status: 200 });
  });

  it('whose values are missing in one way or another', () => {
    const line = { response_code: 0, response_flags: '', start_time: '-', method: 'GET', path: '', protocol: null };
    expect(read(JSON.stringify(line))).toEqual({ ...nothing, request: 'GET' });
    const other = {
      response_code: '404',
      response_flags: 7,
      response_code_details: 'route_not_found',
      upstream_transport_failure_reason: 'TLS_error',
      upstream_cluster: '-',
      upstream_host: '10.0.0.1:80',
    };
    expect(read(JSON.stringify(other))).toEqual({
      ...nothing,
      status: 404,
      details: 'route_not_found',
      transportFailure: 'TLS_error',
      upstream: '10.0.0.1:80',
    });
  });
});

describe('is no line of an access log', () => {
  it.each([
    ...['', '{}', '[]', '{broken', '{"a":1}', '"response_flags"', 'upstream connect error'],
    ...['[info] started', '[x] "GET / HTTP/1.1"', '[x] "GET / HTTP/1.1" 200', '[x] "GET / HTTP/1.1" OK UF'],
    ...['[x] "y" 2000 UF', '[x] "y" 200a UF', '[x] "y" a200 UF', '[x] "y" -- UF', '[x] "y" -a UF', '[x] "y" a- UF'],
    istioLine.slice(1),
    envoyLine.replace('[', '('),
  ])('%s', (line) => {
    expect(read(line)).toBeUndefined();
  });
});
