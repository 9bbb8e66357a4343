import { expect, it } from 'vitest';
import { nearestResource } from '../../../../src/check/model/nearest-resource.ts';

it.each([
  ['orderss', 'orders'],
  ['Orders', 'orders'],
  ['public-gatway', 'public-gateway'],
  ['public.gateway', 'public-gateway'],
  ['publicgateway', 'public-gateway'],
  ['boks', 'books'],
])('%s: a slip of %s', (written, known) => {
  expect(nearestResource(written, ['elsewhere', known])).toBe(known);
});

it.each([
  ['web-v2', 'web-v1'],
  ['web2', 'web'],
  ['cart-app', 'cart-api'],
  ['api', 'app'],
  ['frontend-dev', 'frontend-uat'],
  ['web-service', 'web'],
  ['istio-ingress', 'istio-egress'],
  ['ingressgateway', 'egressgateway'],
  ['internal-gateway', 'external-gateway'],
  ['payments', 'invoices'],
])('%s: another one than %s', (written, known) => {
  expect(nearestResource(written, [known])).toBeUndefined();
});
