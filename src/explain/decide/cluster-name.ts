import type { Facts } from './finding.ts';

/** What a cluster's name says of the way of a call (Istio 1.31, pilot/pkg/networking/util/util.go and model/service.go). */
export type ClusterKind =
  | 'inbound'
  | 'outbound'
  | 'blackhole'
  | 'passthrough'
  | 'inbound-passthrough'
  | 'control-plane'
  | 'other';

export function clusterKind(name: string | undefined): ClusterKind | undefined {
  if (name === undefined) return undefined;
  if (name.startsWith('inbound|')) return 'inbound';
  if (name.startsWith('outbound')) return 'outbound';
  if (name === 'BlackHoleCluster') return 'blackhole';
  if (name === 'PassthroughCluster') return 'passthrough';
  if (name.startsWith('InboundPassthrough')) return 'inbound-passthrough';
  if (name === 'xds-grpc' || name === 'sds-grpc') return 'control-plane';
  return 'other';
}

/** `outbound|PORT|SUBSET|HOST` and `outbound_.PORT_._.HOST`; a host of the cluster is NAME.NAMESPACE.svc.DOMAIN. */
export function clusterFacts(name: string | undefined): Facts {
  if (name === undefined) return {};
  const [direction = '', port = '', subset = '', host = ''] = name.startsWith('outbound_.')
    ? name.split('_').map((part) => part.replace(/^\.|\.$/g, ''))
    : name.split('|');
  if (host === '' && direction !== 'inbound') return {};
  const [short = '', namespace = '', svc] = host.split('.');
  return {
    ...(port === '' ? {} : { port }),
    ...(subset === '' ? {} : { subset }),
    ...(host === '' ? {} : { service: host }),
    ...(svc === 'svc' ? { name: short, namespace } : {}),
  };
}
