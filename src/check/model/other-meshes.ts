import type { PodTemplate } from './pod.ts';

/** Proxies of other meshes by the names that their injectors give them. */
const otherProxies: ReadonlySet<string> = new Set([
  ...['linkerd-proxy', 'consul-dataplane', 'envoy-sidecar', 'consul-connect-envoy-sidecar', 'kuma-sidecar'],
  ...['osm-envoy', 'nginx-mesh-sidecar', 'envoy-aws-appmesh'],
]);

/** What a pod template asks another mesh's injector with, and the values that mean yes. */
const otherInjectors: Readonly<Record<string, readonly string[]>> = {
  'linkerd.io/inject': ['enabled', 'ingress'],
  'consul.hashicorp.com/connect-inject': ['true'],
  'kuma.io/sidecar-injection': ['enabled', 'true'],
};

/** Whether a container is a proxy by its name. */
export function isOtherProxy(name: string): boolean {
  return otherProxies.has(name);
}

/** Whether the pods hold another mesh's proxy, or ask for it. */
export function isOfOtherMesh({ containers, initContainers, labels, annotations }: PodTemplate): boolean {
  return (
    [...containers, ...initContainers].some(({ name }) => isOtherProxy(name)) ||
    Object.entries(otherInjectors).some(([key, yes]) => yes.includes(annotations[key] ?? labels[key] ?? ''))
  );
}
