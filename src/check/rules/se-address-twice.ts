import { isCopy } from '../model/copies.ts';
import { push } from '../model/group-by.ts';
import { scopesOf } from '../model/routing/export-to.ts';
import { type EntryPort, entryPorts, isTcpEntry } from '../model/traffic/entry-ports.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, list, text } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

/** A TCP port of one host of a ServiceEntry. */
interface Claim {
  readonly entry: EntryPort;
  readonly host: string;
  /** Where its traffic goes: two claims to the same are one. */
  readonly destination: string;
}

export const seAddressTwice: Rule = {
  id: 'se-address-twice',
  severity: 'warning',
  title: 'Two hosts of ServiceEntries on one address and TCP port',
  why: 'TCP has no name in it: the sidecar knows a host by address and port alone. Of two hosts with the same ones it takes the older, and what is meant for the other arrives there, too.',
  fix: 'An address of its own for each host; or none, where the sidecars answer DNS (`ISTIO_META_DNS_CAPTURE`), so that Istio gives each one; or TLS as the protocol, where the client speaks TLS at once: that has a name (SNI).',
  docs: [
    'Silent for hosts with the same endpoints, for resolution NONE, which sends traffic where the client has sent it, and where no namespace sees both (`exportTo`). One host in two ServiceEntries: se-protocol-clash.',
    'Source: Istio 1.31, pilot/pkg/networking/core/listener.go, conflicts of TCP over TCP.',
  ],
  *check(cluster) {
    const byAddress = new Map<string, Claim[]>();
    for (const object of cluster.ofKind('ServiceEntry')) {
      const claims = claimsOf(object);
      if (claims.length === 0) continue;
      for (const scope of scopesOf(object))
        for (const address of addressesOf(object))
          for (const claim of claims) push(byAddress, [scope, address, claim.entry.number].join('\0'), claim);
    }
    const reported = new Set<EntryPort>();
    for (const [key, claims] of byAddress) {
      const [, address = '', number = ''] = key.split('\0');
      const [one] = byAddress.get(['*', address, number].join('\0')) ?? claims;
      if (one === undefined) continue;
      for (const { entry, host, destination } of claims) {
        if (host === one.host || destination === one.destination || reported.has(entry)) continue;
        if (isCopy(entry.object, one.entry.object)) continue;
        reported.add(entry);
        const { namespace, name } = one.entry.object;
        const where = entry.object === one.entry.object ? 'too' : `of ServiceEntry ${namespace}/${name}, too`;
        yield {
          object: entry.object,
          path: entry.path,
          message: `${host} has ${address}:${number}, and so has ${one.host} ${where}: the sidecar sends the traffic of both to one of them.`,
        };
      }
    }
  },
};

function claimsOf(object: KubeObject): readonly Claim[] {
  const { resolution, endpoints, workloadSelector } = dict(object.data.spec);
  if ((text(resolution) ?? 'NONE') === 'NONE') return [];
  const behind = list(endpoints).length > 0 ? endpoints : workloadSelector;
  return entryPorts(object)
    .filter(isTcpEntry)
    .flatMap((entry) =>
      entry.hosts.map((host) => ({
        entry,
        host,
        destination: JSON.stringify(behind === undefined ? host : [behind, entry.targetPort]),
      })),
    );
}

/** `10.0.0.5/32` is 10.0.0.5. */
function addressesOf({ data }: KubeObject): readonly string[] {
  const written = list(dict(data.spec).addresses).flatMap((address) => text(address) ?? []);
  return [...new Set(written.map((address) => address.toLowerCase().replace(/^([\d.]+)\/32$|^(.*:.*)\/128$/, '$1$2')))];
}
