import { set } from '../fix/fix.ts';
import { isCopy } from '../model/copies.ts';
import { push } from '../model/group-by.ts';
import { scopesOf } from '../model/routing/export-to.ts';
import { type EntryPort, entryPorts, isTcpEntry, isTlsEntry } from '../model/traffic/entry-ports.ts';
import type { Rule } from './shared/rule.ts';

export const seProtocolClash: Rule = {
  id: 'se-protocol-clash',
  severity: 'warning',
  title: 'Two ServiceEntries that declare a port of one host differently',
  why: 'For everybody who sees both, one of them decides for the port: the older one, as a rule. What the other says of it is not so, and which is the older one changes when they are created anew.',
  fix: 'One protocol for each port of a host; or `exportTo`, so that no namespace sees both.',
  docs: [
    'HTTPS and TLS are the same, and so are TCP and the protocols of databases. Several hosts on one TCP port need addresses, see se-no-address. `istioctl analyze` finds the same in a cluster.',
  ],
  *check(cluster) {
    const byHost = new Map<string, EntryPort[]>();
    const keyOf = (scope: string, host: string, number: number) => [scope, host, number].join('\0');
    for (const entry of cluster.ofKind('ServiceEntry').flatMap(entryPorts)) {
      for (const scope of scopesOf(entry.object)) {
        for (const host of entry.hosts) push(byHost, keyOf(scope, host, entry.number), entry);
      }
    }
    const reported = new Set<EntryPort>();
    for (const [key, entries] of byHost) {
      const [, host = ''] = key.split('\0');
      const [first] = entries as [EntryPort];
      const [one] = byHost.get(keyOf('*', host, first.number)) ?? [first];
      if (one === undefined) continue;
      for (const other of entries) {
        if (protocolOf(one) === protocolOf(other) || reported.has(other) || isCopy(one.object, other.object)) continue;
        reported.add(other);
        const { namespace, name } = one.object;
        yield {
          object: other.object,
          path: [...other.path, 'protocol'],
          message: `Port ${other.number} of ${host} is ${other.protocol} here and ${one.protocol} in ServiceEntry ${namespace}/${name}: one of them decides for both.`,
          fix: {
            title: `declare it ${one.protocol} here, too`,
            certain: false,
            changes: [set(other.object, [...other.path, 'protocol'], one.protocol)],
          },
        };
      }
    }
  },
};

function protocolOf(entry: EntryPort): string {
  if (isTlsEntry(entry)) return 'TLS';
  return isTcpEntry(entry) ? 'TCP' : entry.protocol;
}
