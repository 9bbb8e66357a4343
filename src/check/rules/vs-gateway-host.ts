import { listed } from '../../text/listed.ts';
import {
  GatewayIndex,
  type GatewayReference,
  hostsMeet,
  isForMesh,
  ownHosts,
  serverHosts,
} from '../model/routing/gateways.ts';
import { hasOwnNamespace } from '../model/routing/own-namespace.ts';
import type { KubeObject } from '../read/manifest.ts';
import { hasPlaceholder } from '../read/placeholders.ts';
import { dict, list } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

export const vsGatewayHost: Rule = {
  id: 'vs-gateway-host',
  severity: 'error',
  title: 'A VirtualService for a host that its Gateway does not have',
  why: 'A Gateway takes routes for the hosts of its servers only: for all others it answers 404.',
  fix: 'The host in a server of the Gateway, or the VirtualService at the Gateway that has it.',
  docs: [
    'A host of a server may be bound to namespaces: `shop/web.example.com` takes routes of the namespace shop only, `./` those of its own.',
    'Where some of its hosts are taken, the others are a warning. Hosts with a variable in them (envsubst, Flux) are not compared.',
  ],
  *check(cluster) {
    const all = new GatewayIndex(cluster);
    for (const object of cluster.ofKind('VirtualService')) {
      const hosts = ownHosts(object);
      const references = all.referencesOf(object).filter(({ gateways }) => gateways.length > 0);
      if (hosts.length === 0 || !hasOwnNamespace(object, cluster.inputs.namespace)) continue;
      const taken = references.map((reference) => takenHosts(reference, object));
      for (const [index, reference] of references.entries()) {
        if (hosts.some((host) => meets(taken[index], host)) || reference.gateways.some(mayBePatch)) continue;
        const offered = [...new Set(taken[index])];
        if ([...hosts, ...offered].some(hasPlaceholder)) continue;
        yield {
          object,
          path: reference.path,
          message: `It answers 404: Gateway ${reference.namespace}/${reference.name} takes ${offered.length === 0 ? 'no host' : listed(offered)} from namespace ${object.namespace}, and not ${listed(hosts)}.`,
        };
      }
      const written = list(dict(object.data.spec).gateways);
      if (isForMesh(object) || references.length < written.length) continue;
      if (references.some((_, index) => !hosts.some((host) => meets(taken[index], host)))) continue;
      for (const [index, host] of hosts.entries()) {
        if (taken.some((own) => meets(own, host))) continue;
        if ([host, ...taken.flat()].some(hasPlaceholder)) continue;
        yield {
          object,
          path: ['spec', 'hosts', index],
          message: `${host} is on none of its gateways: they answer 404 for it.`,
          severity: 'warning',
        };
      }
    }
  },
};

/** Without servers it is of no use by itself: they are in the base. */
function mayBePatch({ data }: KubeObject): boolean {
  return list(dict(data.spec).servers).length === 0;
}

function takenHosts({ gateways }: GatewayReference, object: KubeObject): string[] {
  return gateways.flatMap((gateway) =>
    list(dict(gateway.data.spec).servers).flatMap((server) => serverHosts(gateway, server, object.namespace)),
  );
}

function meets(taken: readonly string[] | undefined, host: string): boolean {
  return taken?.some((one) => hostsMeet(one, host)) ?? false;
}
