import { describe, expect, it } from 'vitest';
import { formatReader } from '../../../src/explain/read/format-string.ts';

const read = (format: string, text: string) => formatReader(format)?.(text);

describe('a format of text', () => {
  const format =
    '%START_TIME(%Y/%m/%d)% | %REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% | %RESPONSE_CODE% %RESPONSE_FLAGS:9% | %RESPONSE_CODE_DETAILS% | "%UPSTREAM_TRANSPORT_FAILURE_REASON%" | %UPSTREAM_CLUSTER_RAW% %BYTES_SENT% %REQ(USER-AGENT)%\\n';

  it('gives the fields that it names', () => {
    expect(
      read(format, '2026/01/05 | GET /x y | 503 UF | a_b{c} | "TLS error" | outbound|80||web 91 some agent'),
    ).toMatchObject({
      time: '2026/01/05',
      method: 'GET',
      path: '/x y',
      status: 503,
      flags: ['UF'],
      details: 'a_b{c}',
      transport: 'TLS error',
      cluster: 'outbound|80||web',
    });
  });

  it('stands behind a prefix, and not in a line of another form', () => {
    expect(read('code=%RESPONSE_CODE% flags=%RESPONSE_FLAGS%', 'pod-0: code=503 flags=UC,URX')).toMatchObject({
      status: 503,
      flags: ['UC', 'URX'],
    });
    expect(read('code=%RESPONSE_CODE% flags=%RESPONSE_FLAGS%', 'something else')).toBeUndefined();
    expect(read('code=%RESPONSE_CODE%; flags=%RESPONSE_FLAGS%', 'code=503 and no more')).toBeUndefined();
    expect(read('%PROTOCOL% %RESPONSE_CODE% %RESPONSE_FLAGS%', 'no log line - ')).toBeUndefined();
  });

  it('takes a long line in no time', () => {
    const line = `${'a '.repeat(20_000)}`;
    expect(read(`${'%BYTES_SENT% '.repeat(30)}%RESPONSE_CODE%!`, line)).toBeUndefined();
  });
});

it('a format of JSON has names of its own', () => {
  const format = JSON.stringify({
    code: '%RESPONSE_CODE%',
    why: '%RESPONSE_CODE_DETAILS%',
    f: '%RESPONSE_FLAGS%',
    n: 1,
  });
  expect(read(format, 'x {"code":503,"why":"route_not_found","f":"NR"}')).toMatchObject({
    status: 503,
    details: 'route_not_found',
    flags: ['NR'],
  });
  expect(read(format, '{"other":1}')).toBeUndefined();
  expect(read(format, 'no object')).toBeUndefined();
});

it.each(['', 'x', '%BYTES_SENT%', '{"a":"%BYTES_SENT%"}', '%START_TIME% %REQ(:PATH)%'])(
  'tells nothing of failures: %s',
  (format) => expect(formatReader(format)).toBeUndefined(),
);
