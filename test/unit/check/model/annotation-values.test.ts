import { expect, it } from 'vitest';
import { findRefusal, goBool } from '../../../../src/check/model/annotation-values.ts';
import { defaultInputs } from '../../../../src/check/model/inputs.ts';
import type { PodTemplate } from '../../../../src/check/model/pod.ts';

const refusal = (annotation: string, value: string) =>
  findRefusal({ annotations: { [annotation]: value } } as unknown as PodTemplate, defaultInputs);

const status = 'readiness.status.sidecar.istio.io';
const traffic = 'traffic.sidecar.istio.io';

it.each([
  ['sidecar.istio.io/interceptionMode', ['REDIRECT', 'TPROXY', 'NONE'], ['', 'none', 'NONE ']],
  ['status.sidecar.istio.io/port', ['0', '15020', '65535', ' 80 '], ['', '65536', '-1', '8x', '123456', '80 81']],
  [`${status}/initialDelaySeconds`, ['0', '10', '1234567890'], ['', '1.5', '-1', 'x', '12345678901', ' 1']],
  [`${status}/periodSeconds`, ['1'], ['1s']],
  [`${status}/failureThreshold`, ['30'], ['x30', '30x']],
  [`${traffic}/includeInboundPorts`, ['', '*', '80', '80,81', ' 80 , 81 '], ['80,', '80;81', '*,80', '65536']],
  [`${traffic}/excludeInboundPorts`, ['', ' ', '80,81'], ['*', '80,x', '80-90']],
  [`${traffic}/excludeOutboundPorts`, ['', '3306'], ['*', ',']],
  [
    `${traffic}/includeOutboundIPRanges`,
    ['', '*', '10.0.0.0/8', '10.0.0.0/8,192.168.0.0/16', 'fd00::/8', '::ffff:10.0.0.0/104'],
    [
      '10.0.0.0',
      '10.0.0.0/',
      '10.0.0.0/8,',
      'example.com/8',
      '*,10.0.0.0/8',
      'x10.0.0.0/8',
      '10.0.0.0/8x',
      '10.0.0.0/123',
      'fd00/8',
      'xfd00::/8',
      'fd00::/8x',
      'fd00::/1234',
    ],
  ],
  [`${traffic}/excludeOutboundIPRanges`, ['', '10.0.0.1/32'], ['*', '10.0.0.1']],
  ['prometheus.istio.io/merge-metrics', ['true', 'f', '1'], ['', 'yes', 'tRUE']],
  ['proxy.istio.io/config', ['', 'concurrency: 2'], ['[]', '{', 'holdApplicationUntilProxyStarts: 1']],
])('%s is accepted as %j and refused as %j', (annotation, accepted, refused) => {
  for (const value of accepted) expect(refusal(annotation, value), value).toBeUndefined();
  for (const value of refused) expect(refusal(annotation, value)?.annotation, value).toBe(annotation);
});

it('says what is wrong and what is expected', () => {
  expect(refusal('sidecar.istio.io/interceptionMode', 'none')?.message).toBe('"none" is not REDIRECT, TPROXY or NONE');
  expect(findRefusal({ annotations: {} } as unknown as PodTemplate, defaultInputs)).toBeUndefined();
});

it.each([
  ['1', true],
  ['t', true],
  ['True', true],
  ['0', false],
  ['F', false],
  ['FALSE', false],
  ['yes', undefined],
  ['', undefined],
  [undefined, undefined],
])('Go reads %j as %j', (text, value) => {
  expect(goBool(text)).toBe(value);
});
