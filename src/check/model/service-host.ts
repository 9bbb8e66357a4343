/** As it is where nobody has changed it. */
export const clusterDomain = 'cluster.local';

/** The name under which Istio knows a Service. */
export function hostOf(name: string, namespace: string): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}

/** The host that a DestinationRule or VirtualService means. Source: Istio 1.31, ResolveShortnameToFQDN: only a name without dots is completed. */
export function fullHost(host: string, namespace: string): string {
  return host.includes('.') || host === '*' ? host : hostOf(host, namespace);
}

/** The Service whose pods a host like `mq-0.mq.shop.svc.cluster.local` or `*.mq.shop.svc.cluster.local` names. */
export function serviceOfPodHost(host: string): { name: string; namespace: string; host: string } | undefined {
  const [, name, namespace, ...domain] = host.split('.');
  if (name === undefined || namespace === undefined) return undefined;
  const own = hostOf(name, namespace);
  return [name, namespace, ...domain].join('.') === own ? { name, namespace, host: own } : undefined;
}
