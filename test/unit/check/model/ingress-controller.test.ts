import { expect, it } from 'vitest';
import { buildCluster } from '../../../../src/check/model/cluster.ts';
import { defaultInputs } from '../../../../src/check/model/inputs.ts';
import { ingressController } from '../../../../src/check/model/traffic/ingress-controller.ts';
import { loadManifests } from '../../../../src/check/read/load.ts';

interface Given {
  readonly className?: string;
  readonly annotated?: string;
  /** Of the IngressClass of that name. */
  readonly controller?: string;
  readonly image?: string;
  readonly inject?: 'true' | 'false';
}

function controllerOf({ className, annotated, controller, image, inject = 'false' }: Given) {
  const objects: object[] = [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: {
        name: 'web',
        namespace: 'shop',
        annotations: annotated ? { 'kubernetes.io/ingress.class': annotated } : {},
      },
      spec: className === undefined ? {} : { ingressClassName: className },
    },
  ];
  if (controller !== undefined)
    objects.push({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: className ?? annotated },
      spec: { controller },
    });
  if (image !== undefined)
    objects.push({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'controller', namespace: 'ingress', labels: { 'sidecar.istio.io/inject': inject } },
      spec: { containers: [{ name: 'controller', image }] },
    });
  const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  const cluster = buildCluster(loadManifests([{ name: 'a.yaml', text }], 'default').objects, defaultInputs);
  const [ingress] = cluster.ofKind('Ingress');
  return ingress && ingressController(cluster, ingress);
}

it.each<[Given, string]>([
  [{ className: 'alb' }, 'outside'],
  [{ annotated: 'alb' }, 'outside'],
  [{ className: 'gce' }, 'outside'],
  [{ className: 'gce-internal' }, 'outside'],
  [{ className: 'azure-application-gateway' }, 'outside'],
  [{ annotated: 'azure/application-gateway' }, 'outside'],
  [{ className: 'azure-alb-external' }, 'outside'],
  [{ className: 'public', controller: 'ingress.k8s.aws/alb' }, 'outside'],
  [{ className: 'public', controller: 'alb.networking.azure.io/alb-controller' }, 'outside'],
  [{ className: 'albert' }, 'unknown'],
  [{ className: 'istio' }, 'istio'],
  [{ className: 'mesh', controller: 'istio.io/ingress-controller' }, 'istio'],
  [{ className: 'istio-of-others' }, 'unknown'],
  [{ className: 'nginx' }, 'unknown'],
  [{}, 'unknown'],
  [{ className: 'nginx', image: 'registry.k8s.io/ingress-nginx/controller:v1.12.1@sha256:00' }, 'outside'],
  [{ className: 'nginx', image: 'registry.k8s.io/ingress-nginx/controller-chroot:v1.12.1' }, 'outside'],
  [{ className: 'internal', controller: 'nginx.org/ingress-controller', image: 'nginx/nginx-ingress:4' }, 'outside'],
  [{ className: 'nginx', image: 'docker.io/library/nginx:1.29' }, 'unknown'],
  [{ className: 'traefik', image: 'traefik:v3.2' }, 'outside'],
  [{ className: 'traefik', image: 'registry.k8s.io/ingress-nginx/controller:v1' }, 'unknown'],
  [{ className: 'haproxy', image: 'registry.example.com:5000/haproxytech/kubernetes-ingress' }, 'outside'],
  [{ className: 'haproxy', image: 'quay.io/jcmoraisjr/haproxy-ingress:v0.14' }, 'outside'],
  [{ className: 'kong', image: 'kong/kong-gateway:3.9' }, 'outside'],
  [{ className: 'contour', image: 'ghcr.io/projectcontour/contour:v1.30' }, 'outside'],
  [{ className: 'nginx', image: 'registry.k8s.io/ingress-nginx/controller:v1', inject: 'true' }, 'mesh'],
])('%j is served from %s', (given, place) => {
  expect(controllerOf(given)?.place).toBe(place);
});

it('is named by its class, and rests on what decided about its pods', () => {
  expect(controllerOf({ annotated: 'alb' })?.name).toBe('the ingress controller "alb"');
  expect(controllerOf({ className: '' })?.name).toBe('the default ingress controller');
  expect(controllerOf({ className: 'traefik', image: 'traefik' })?.restsOn).toEqual([]);
});
