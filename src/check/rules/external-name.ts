import { portProtocol } from '../../mesh/ports/port-protocol.ts';
import { remove } from '../fix/fix.ts';
import { isOlder } from '../model/inputs.ts';
import { membershipReasons } from '../model/membership-reasons.ts';
import { dict, int, list, text } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

export const externalName: Rule = {
  id: 'external-name',
  severity: 'warning',
  title: 'Ports of an ExternalName Service',
  why: 'Before Istio 1.21 the sidecar takes all traffic to a port of an ExternalName Service that is not HTTP or TLS, whatever its address. Since then the Service is an alias of its name: its ports, and what they declare, do nothing.',
  fix: 'Leave the ports out: DNS needs none. A ServiceEntry for the external host says which protocol it speaks.',
  docs: [
    'A warning before Istio 1.21, else an info (`istioctl analyze` reports IST0150 for it). Silent for ports that declare HTTP or TLS.',
    'Source: release notes of Istio 1.21, "ExternalName support changes".',
  ],
  *check(cluster) {
    const isListened = isOlder(cluster.inputs.istio, '1.21');
    for (const object of cluster.ofKind('Service')) {
      const spec = dict(object.data.spec);
      const { because, byInput } = cluster.membership(object.namespace);
      if (spec.type !== 'ExternalName' || membershipReasons[because].place !== 'sidecar') continue;
      const index = list(spec.ports).findIndex((item) => !isMatchedByName(dict(item)));
      if (index === -1) continue;
      const port = String(dict(list(spec.ports)[index]).port);
      yield {
        object,
        path: ['spec', 'ports', index],
        message: isListened
          ? `All traffic to port ${port} goes to ${text(spec.externalName) ?? 'it'}, whatever its address.`
          : `What port ${port} says does nothing: to the sidecar, ${object.name} is another name of ${text(spec.externalName) ?? 'a host'}.`,
        severity: isListened ? 'warning' : 'info',
        restsOn: [...(byInput ? (['injection'] as const) : []), 'istio'],
        fix: { title: 'leave the ports out', certain: false, changes: [remove(object, ['spec', 'ports'])] },
      };
    }
  },
};

function isMatchedByName(port: Readonly<Record<string, unknown>>): boolean {
  const declared = { name: text(port.name), appProtocol: text(port.appProtocol), port: int(port.port) };
  const { handling } = portProtocol(declared);
  return handling === 'http' || handling === 'tls';
}
