import { protocolOfPrefix } from '../../mesh/ports/port-protocol.ts';
import { set } from '../fix/fix.ts';
import { renamedPort, renameNote } from './shared/renamed-port.ts';
import type { Rule } from './shared/rule.ts';

export const portNameContradicts: Rule = {
  id: 'port-name-contradicts',
  severity: 'warning',
  title: 'A Service port whose name and appProtocol disagree',
  why: 'appProtocol wins. The name tells people and other tools something other than what the sidecar does.',
  fix: 'A name that says what appProtocol does. What names the port must follow: an Ingress, a ServiceMonitor.',
  docs: ['Names that are close enough (http and http2, tls and https) are left alone.'],
  *check(cluster) {
    for (const { object, ports } of cluster.services) {
      for (const { name, appProtocol, protocol, transport, path } of ports) {
        const named = protocolOfPrefix(name ?? '');
        if (transport !== 'TCP' || appProtocol === undefined || named === undefined) continue;
        if (family(named) === family(protocol.protocol)) continue;
        yield {
          object,
          path: [...path, 'appProtocol'],
          message: `The name "${name}" says ${named}, appProtocol "${appProtocol}" wins: the port is ${protocol.handling}.`,
          // appProtocol is how the port works today.
          fix: {
            title: 'change the name to what appProtocol says',
            certain: false,
            changes: [
              set(
                object,
                [...path, 'name'],
                renamedPort(name ?? '', protocol.protocol === 'unknown' ? appProtocol : protocol.protocol),
              ),
            ],
            notes: [renameNote(name ?? '')],
          },
        };
      }
    }
  },
};

function family(protocol: string): string {
  if (['http', 'http2', 'grpc', 'grpc-web', 'http_proxy'].includes(protocol)) return 'http';
  if (['https', 'tls'].includes(protocol)) return 'tls';
  return ['tcp', 'mongo', 'redis', 'mysql'].includes(protocol) ? 'tcp' : protocol;
}
