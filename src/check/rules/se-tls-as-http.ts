import { set } from '../fix/fix.ts';
import { clientTls } from '../model/traffic/client-tls.ts';
import { type EntryPort, entryPorts, isHttpEntry } from '../model/traffic/entry-ports.ts';
import { type Traffic, trafficOf } from '../model/traffic/traffic.ts';
import type { Rule } from './shared/rule.ts';

const httpsPort = 443;

export const seTlsAsHttp: Rule = {
  id: 'se-tls-as-http',
  severity: 'warning',
  title: 'A ServiceEntry that declares port 443 as HTTP',
  why: 'Apps call port 443 by HTTPS. The sidecar parses their TLS as HTTP and closes the connection; no request leaves the pod.',
  fix: '`protocol: TLS`: the sidecar passes it on by its server name. Where the app shall send plain HTTP and the sidecar make TLS of it: port 80 with `targetPort: 443`, and a DestinationRule with `tls.mode: SIMPLE`.',
  docs: [
    'Silent where a DestinationRule in the files makes TLS of it (SIMPLE or MUTUAL): the app then sends plain HTTP to 443. That nothing does is taken from the files, so it is a warning.',
  ],
  *check(cluster) {
    const entries = cluster.ofKind('ServiceEntry').flatMap(entryPorts);
    for (const entry of entries) {
      const { object, hosts, external, number, targetPort, protocol, path } = entry;
      if (!external || number !== httpsPort || targetPort !== httpsPort || !isHttpEntry(entry)) continue;
      if (originatesTls(trafficOf(cluster), entry)) continue;
      yield {
        object,
        path: [...path, 'protocol'],
        message: `Calls to https://${hosts[0] ?? object.name} fail: the sidecar parses TLS as ${protocol} on port ${number}.`,
        fix: { title: 'declare it TLS', certain: false, changes: [set(object, [...path, 'protocol'], 'TLS')] },
      };
    }
  },
};

function originatesTls({ rules }: Traffic, { hosts, object, number }: EntryPort): boolean {
  return hosts
    .flatMap((host) => rules.rulesFor(host, object.namespace))
    .flatMap((rule) => clientTls(rule.object, number))
    .some(({ mode }) => mode === 'SIMPLE' || mode === 'MUTUAL');
}
