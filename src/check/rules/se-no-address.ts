import { set } from '../fix/fix.ts';
import { dict, list, text } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

const matchedByName: readonly string[] = ['HTTP', 'HTTP2', 'HTTPS', 'TLS', 'GRPC', 'GRPC-WEB', 'HTTP_PROXY'];
const ipPattern = /^[\d.]+$|:/;

export const seNoAddress: Rule = {
  id: 'se-no-address',
  severity: 'warning',
  title: 'A TCP port of a ServiceEntry without addresses',
  why: 'TCP has no name that the sidecar could match, so the entry takes *all* traffic to that port, whatever its address: calls to other databases on 5432 end at this one.',
  fix: '`addresses`; or TLS as the protocol, where the client speaks TLS at once: that has a name (SNI).',
  docs: [
    'Addresses from 240.240.0.0/16 are free to use; the names must then be resolved by the sidecar (`ISTIO_META_DNS_CAPTURE`).',
  ],
  *check(cluster) {
    let next = 1;
    for (const object of cluster.ofKind('ServiceEntry')) {
      const spec = dict(object.data.spec);
      if (list(spec.addresses).length > 0) continue;
      const ports = list(spec.ports).map(dict);
      const index = ports.findIndex(({ protocol }) => !matchedByName.includes((text(protocol) ?? 'TCP').toUpperCase()));
      if (index === -1) continue;
      const endpoints = list(spec.endpoints).map((endpoint) => text(dict(endpoint).address) ?? '');
      const fixed = endpoints.length > 0 && endpoints.every((address) => ipPattern.test(address));
      const addresses = fixed ? endpoints : [`240.240.0.${next++}`];
      yield {
        object,
        path: ['spec', 'ports', index],
        message: `All traffic to port ${String(ports[index]?.number)} goes to ${text(list(spec.hosts)[0]) ?? 'it'}, whatever its address.`,
        fix: {
          title: fixed ? "match its endpoints' addresses" : 'give it an address of its own',
          certain: fixed,
          changes: [set(object, ['spec', 'addresses'], addresses)],
        },
      };
    }
  },
};
