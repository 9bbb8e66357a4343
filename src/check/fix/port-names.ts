import type { KubeObject } from '../read/manifest.ts';
import { type Dict, dict, list, text } from '../read/values.ts';

/** The length of a DNS label, which the name of a Service's port is. Source: Kubernetes' ValidateDNS1123Label. */
const longestName = 63;

export function portsOf({ data }: KubeObject): readonly Dict[] {
  return list(dict(data.spec).ports).map(dict);
}

interface Claim {
  readonly wanted: string;
  /** The port's number, which makes a name another one. */
  readonly number: number;
  /** Which port it is for: the same port gets the same name again. */
  readonly port: string;
}

/** The names that the ports of Services have or get by fixes. */
export class PortNames {
  readonly #owners = new Map<Dict, Map<string, string>>();

  /** A name that Kubernetes takes and no other port has: the wanted one, else one with the port's number. */
  claim(service: KubeObject, { wanted, number, port }: Claim): string {
    const owners = this.#owners.get(service.data) ?? ownersOf(service);
    this.#owners.set(service.data, owners);
    const label = wanted.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-');
    const shorten = (end: string) => `${label.slice(0, longestName - end.length).replaceAll(/^-+|-+$/g, '')}${end}`;
    const names = [shorten(''), shorten(`-${number}`)];
    for (let count = 2; count <= owners.size + 2; count += 1) names.push(shorten(`-${number}-${count}`));
    const free = names.find((name) => (owners.get(name) ?? port) === port) ?? label;
    owners.set(free, port);
    return free;
  }
}

function ownersOf(service: KubeObject): Map<string, string> {
  return new Map(
    portsOf(service).flatMap((port, index) => {
      const name = text(port.name);
      return name === undefined ? [] : [[name, String(index)] as const];
    }),
  );
}
