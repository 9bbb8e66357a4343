import { protocolOfPrefix } from '../../mesh/ports/port-protocol.ts';
import { set } from '../fix/fix.ts';
import { hostOf } from '../model/service-host.ts';
import type { ServedPort } from '../model/traffic/served-ports.ts';
import { type Traffic, trafficOf } from '../model/traffic/traffic.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, list } from '../read/values.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const grpcAsHttp: Rule = {
  id: 'grpc-as-http',
  severity: 'warning',
  title: 'A port declared as HTTP/1.1 whose app seems to speak gRPC',
  why: 'Towards a port that is declared http the sidecars speak HTTP/1.1. gRPC needs HTTP/2: the server refuses it, and every call fails (UNAVAILABLE or INTERNAL, 502 or 503 with UPE).',
  fix: 'A name that begins with `grpc`, or `appProtocol: grpc` (`http2` where the port serves both).',
  docs: [
    'Signs of gRPC: a gRPC probe on the port (then it is an error), or a container port whose name begins with grpc. Silent where a DestinationRule in the files sets `h2UpgradePolicy: UPGRADE` or `useClientProtocol: true` for the Service, and where an HTTP probe shows that the port serves HTTP/1.1 as well.',
  ],
  *check(cluster) {
    const traffic = trafficOf(cluster);
    for (const service of cluster.services) {
      const reported = new Set<number>();
      for (const served of traffic.served(service)) {
        const { port, workload, number } = served;
        if (port.protocol.protocol !== 'http' || workload.injection.injected !== true) continue;
        const probed = isProbed(served, 'grpc');
        const named = workload.ports.find(
          (own) => own.number === number && protocolOfPrefix(own.name ?? '') === 'grpc',
        );
        if ((!probed && named === undefined) || reported.has(port.port)) continue;
        if (isProbed(served, 'httpGet') || keepsHttp2(traffic, served)) continue;
        reported.add(port.port);
        const field = port.appProtocol === undefined && port.name !== undefined ? 'name' : 'appProtocol';
        const sign = probed ? 'is probed by gRPC' : `is called ${named?.name} in the container`;
        yield {
          object: service.object,
          path: [...port.path, field],
          message: `gRPC calls to port ${port.port} fail: it is declared http, so the sidecars speak HTTP/1.1 to container port ${number}, which ${sign}.`,
          severity: probed ? 'error' : 'warning',
          restsOn: memberBy(workload),
          fix: {
            title: 'declare it grpc',
            certain: false,
            changes: [set(service.object, [...port.path, 'appProtocol'], 'grpc')],
          },
        };
      }
    }
  },
};

function isProbed({ workload, number }: ServedPort, by: 'grpc' | 'httpGet'): boolean {
  return workload.template.containers.some(({ probes }) =>
    probes.some(({ kind, port }) => kind === by && port === number),
  );
}

function keepsHttp2({ rules }: Traffic, { service, port }: ServedPort): boolean {
  const { name, namespace } = service.object;
  return rules
    .rulesFor(hostOf(name, namespace), namespace)
    .some(({ object }) => connectionPools(object, port.port).some(isHttp2));
}

function connectionPools({ data }: KubeObject, port: number): unknown[] {
  const { trafficPolicy } = dict(data.spec);
  const ofPort = list(dict(trafficPolicy).portLevelSettings).filter((item) => dict(dict(item).port).number === port);
  return [trafficPolicy, ...ofPort].map((policy) => dict(policy).connectionPool);
}

function isHttp2(pool: unknown): boolean {
  const { h2UpgradePolicy, useClientProtocol } = dict(dict(pool).http);
  return h2UpgradePolicy === 'UPGRADE' || useClientProtocol === true;
}
