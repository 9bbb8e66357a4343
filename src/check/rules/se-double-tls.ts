import type { ClientTls } from '../model/traffic/client-tls.ts';
import { clientTls } from '../model/traffic/client-tls.ts';
import { entryPorts, isTlsEntry } from '../model/traffic/entry-ports.ts';
import { routedHosts } from '../model/traffic/routed-hosts.ts';
import { trafficOf } from '../model/traffic/traffic.ts';
import type { KubeObject } from '../read/manifest.ts';
import type { Rule } from './shared/rule.ts';
import { withoutTls } from './shared/without-tls.ts';

export const seDoubleTls: Rule = {
  id: 'se-double-tls',
  severity: 'warning',
  title: 'A DestinationRule that makes TLS of what is TLS already',
  why: "A ServiceEntry's port that is declared HTTPS or TLS takes the app's own TLS. With SIMPLE or MUTUAL the sidecar wraps it in TLS once more, and the server, which takes off one, cannot read it.",
  fix: 'Remove `tls` from the rule, where the app calls by HTTPS. Where it shall send plain HTTP: port 80, `protocol: HTTP`, `targetPort: 443` in the ServiceEntry.',
  docs: [
    'Silent where a VirtualService or a route in the files leads to the host: then what comes there may be plain HTTP, from port 80 or from a gateway. Whether one elsewhere does, the files do not say, so it is a warning. Subsets are left out: only routes lead to them.',
  ],
  *check(cluster) {
    const entries = cluster.ofKind('ServiceEntry').flatMap(entryPorts).filter(isTlsEntry);
    if (entries.length === 0) return;
    const { rules } = trafficOf(cluster);
    const routed = routedHosts(cluster);
    const reported = new Map<KubeObject, Set<string>>();
    for (const { object, hosts, number, protocol } of entries) {
      for (const host of hosts) {
        if (routed.has(host)) continue;
        for (const { object: rule } of rules.rulesFor(host, object.namespace)) {
          for (const tls of clientTls(rule, number).filter(wraps)) {
            const known = reported.get(rule) ?? new Set();
            reported.set(rule, known);
            const path = [...tls.path, 'mode'];
            if (known.has(path.join('\0'))) continue;
            known.add(path.join('\0'));
            yield {
              object: rule,
              path,
              message: `Calls to https://${host}${number === 443 ? '' : `:${number}`} fail: the app sends TLS (ServiceEntry ${object.namespace}/${object.name}: ${protocol}), and ${tls.mode} wraps it in TLS once more.`,
              fix: { title: "pass the app's TLS on", certain: false, changes: [withoutTls(rule, tls, 'DISABLE')] },
            };
          }
        }
      }
    }
  },
};

function wraps({ mode, subset }: ClientTls): boolean {
  return subset === undefined && (mode === 'SIMPLE' || mode === 'MUTUAL');
}
