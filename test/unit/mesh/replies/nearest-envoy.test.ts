import { expect, test } from 'vitest';
import { isRelayed, mayBeFromNearestEnvoy } from '../../../../src/mesh/replies/nearest-envoy.ts';

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
