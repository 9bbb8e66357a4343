import { describe, expect, test } from 'vitest';
import type { HttpHeaders } from '../../../../src/mesh/replies/header-value.ts';
import { isRelayed, looksLikeRelayedEnvoy, mayBeFromNearestEnvoy } from '../../../../src/mesh/replies/nearest-envoy.ts';

test.each([
  ['its own', { server: 'envoy' }, true, false],
  ['relayed', { server: 'envoy', 'x-envoy-upstream-service-time': '0' }, false, true],
  ['relayed, without a number', { server: 'envoy', 'X-Envoy-Upstream-Service-Time': '' }, false, true],
  ["a gateway's", { server: 'istio-envoy' }, false, false],
  ['without a sidecar', {}, false, false],
  ['of an app that forges the time', { 'x-envoy-upstream-service-time': '1' }, false, true],
])('%s', (_, headers, nearest, relayed) => {
  expect(mayBeFromNearestEnvoy(headers)).toBe(nearest);
  expect(isRelayed(headers)).toBe(relayed);
});

describe('whether a relayed reply has the headers of an Envoy alone', () => {
  const far = {
    'content-length': '190',
    'content-type': 'text/plain',
    date: 'Thu, 26 Nov 2026 08:00:00 GMT',
    server: 'envoy',
    'x-envoy-upstream-service-time': '31',
  };
  test.each<[string, HttpHeaders, boolean]>([
    ['those alone', far, true],
    ['in capitals', { ...far, Date: far.date, date: undefined }, true],
    ['as Headers', new Headers(far), true],
    ['as pairs', Object.entries(far), true],
    ['as a flat list', Object.entries(far).flat(), true],
    ["with another of Envoy's", { ...far, 'x-envoy-attempt-count': '1' }, true],
    ['not relayed', { ...far, 'x-envoy-upstream-service-time': undefined }, false],
    ['with a header of a framework', { ...far, 'x-powered-by': 'Express' }, false],
    ['with a charset', { ...far, 'content-type': 'text/plain; charset=utf-8' }, false],
    ['of another type', { ...far, 'content-type': 'application/json' }, false],
    ['of another server', { ...far, server: 'nginx' }, false],
    ['that overtakes its request', { ...far, connection: 'close' }, false],
    ['that cannot be listed', { get: (name: string) => (far as Record<string, string>)[name] }, false],
  ])('%s: %s', (_, headers, looks) => {
    expect(looksLikeRelayedEnvoy(headers)).toBe(looks);
  });
});
