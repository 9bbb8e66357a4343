import type { KubeObject } from '../../read/manifest.ts';
import { dict, int, list, type Path, text } from '../../read/values.ts';

/** A port of a ServiceEntry. */
export interface EntryPort {
  readonly object: KubeObject;
  readonly hosts: readonly string[];
  readonly external: boolean;
  readonly number: number;
  /** In capitals, as Istio reads it. */
  readonly protocol: string;
  readonly targetPort: number;
  readonly path: Path;
}

/** The ports of a ServiceEntry that have a number. Without a protocol it is TCP. */
export function entryPorts(object: KubeObject): EntryPort[] {
  const { hosts, location, ports } = dict(object.data.spec);
  const names = list(hosts).flatMap((host) => text(host) ?? []);
  return list(ports).flatMap((item, index) => {
    const port = dict(item);
    const number = int(port.number);
    if (number === undefined) return [];
    return [
      {
        object,
        hosts: names,
        external: location !== 'MESH_INTERNAL',
        number,
        protocol: (text(port.protocol) || 'TCP').toUpperCase(),
        targetPort: int(port.targetPort) ?? number,
        path: ['spec', 'ports', index],
      },
    ];
  });
}

/** Those that the sidecar tells apart by the server name of TLS. */
export function isTlsEntry({ protocol }: EntryPort): boolean {
  return protocol === 'TLS' || protocol === 'HTTPS';
}

/** Those that the sidecar parses as HTTP. */
export function isHttpEntry({ protocol }: EntryPort): boolean {
  return ['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB'].includes(protocol);
}

/** Those whose bytes it passes on. */
export function isTcpEntry({ protocol }: EntryPort): boolean {
  return ['TCP', 'MONGO', 'MYSQL', 'REDIS'].includes(protocol);
}
