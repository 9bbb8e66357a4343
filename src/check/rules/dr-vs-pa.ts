import type { Fix } from '../fix/fix.ts';
import { matches } from '../model/selectors.ts';
import { hostOf } from '../model/service-host.ts';
import { type ClientTls, clientTls } from '../model/traffic/client-tls.ts';
import type { ServedPort } from '../model/traffic/served-ports.ts';
import { trafficOf } from '../model/traffic/traffic.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, text } from '../read/values.ts';
import type { Problem, Rule } from './shared/rule.ts';
import { withoutTls } from './shared/without-tls.ts';

export const drVsPa: Rule = {
  id: 'dr-vs-pa',
  severity: 'error',
  title: 'A DestinationRule with a TLS mode that the server does not accept',
  why: 'DISABLE or SIMPLE sends plain text or other TLS to a port that is STRICT; ISTIO_MUTUAL sends mTLS to a pod without a sidecar, or to a port where mTLS is off. Either way every call gets a 503 (UF).',
  fix: 'Remove `tls` from the rule: Istio then chooses for each port what it accepts (auto-mTLS).',
  docs: [
    'It looks at each port of each Service in the files that the rule applies to: by name or wildcard, in `trafficPolicy`, `portLevelSettings` and subsets, in the order in which Istio looks rules up (the namespace of the client, of the Service, the root namespace).',
    "A host with a dot is taken as it stands: `web.shop` is no name of a Service, only `web` and `web.shop.svc.cluster.local` are (Istio's ResolveShortnameToFQDN).",
    'A warning where another rule of the namespace is for the same host: the older one decides, and the files do not say which that is. Pods in ambient mode and gateways are left out.',
  ],
  *check(cluster) {
    const traffic = trafficOf(cluster);
    const conflicts = new Map<KubeObject, Map<string, Conflict>>();
    for (const service of cluster.services) {
      const { name, namespace } = service.object;
      const served = traffic.served(service);
      for (const { object, rival } of traffic.rules.rulesFor(hostOf(name, namespace), namespace)) {
        for (const server of served) {
          for (const tls of clientTls(object, server.port.port)) {
            if (!isRefused(server, tls)) continue;
            const ofRule = conflicts.get(object) ?? new Map<string, Conflict>();
            conflicts.set(object, ofRule);
            const key = tls.path.join('\0');
            const known = ofRule.get(key);
            if (known === undefined) {
              const alike = served.filter(({ port }) => port === server.port).every((other) => isRefused(other, tls));
              ofRule.set(key, { object, rival, tls, alike, servers: [server] });
            } else known.servers.push(server);
          }
        }
      }
    }
    for (const ofRule of conflicts.values()) for (const conflict of ofRule.values()) yield problemOf(conflict);
  },
};

interface Conflict {
  readonly object: KubeObject;
  readonly rival: KubeObject | undefined;
  readonly tls: ClientTls;
  /** All pods behind the first port refuse it. */
  readonly alike: boolean;
  readonly servers: ServedPort[];
}

function isRefused({ workload, accepted }: ServedPort, { mode, subset }: ClientTls): boolean {
  if (subset !== undefined && !matches(subset, workload.template.labels)) return false;
  if (mode === 'ISTIO_MUTUAL') return accepted.takes === 'plain';
  return (mode === 'DISABLE' || mode === 'SIMPLE') && accepted.takes === 'mtls';
}

function problemOf(conflict: Conflict): Problem {
  const { object, rival, tls, servers } = conflict;
  const [server] = servers as [ServedPort];
  const { service, port, workload, number, accepted } = server;
  const sent =
    tls.mode === 'ISTIO_MUTUAL'
      ? 'mTLS'
      : tls.mode === 'DISABLE'
        ? 'plain text'
        : 'TLS without a certificate of the mesh';
  const to = `${workload.object.kind} ${workload.object.name}`;
  const where =
    workload.injection.injected === true ? `whose port ${number} ${accepted.state}` : `which ${accepted.state}`;
  const more = servers.length === 1 ? '' : `, and so for ${servers.length - 1} more`;
  const unsure = rival === undefined ? '' : `, unless ${rival.name} is the older rule for this host`;
  return {
    object,
    path: [...tls.path, 'mode'],
    message: `Calls to ${service.object.name}:${port.port} get a 503: the rule sends ${sent} to ${to}, ${where}${more}${unsure}.`,
    severity: rival === undefined ? 'error' : 'warning',
    restsOn: accepted.restsOn,
    fix: cure(conflict),
  };
}

function cure({ object, rival, tls, alike }: Conflict): Fix {
  const certain = alike && rival === undefined && !(text(dict(object.data.spec).host) ?? '').includes('*');
  const mode = tls.mode === 'ISTIO_MUTUAL' ? 'DISABLE' : 'ISTIO_MUTUAL';
  const title = tls.ofPort ? `send what the port takes: ${mode}` : 'remove tls, so that auto-mTLS decides';
  return { title, certain, changes: [withoutTls(object, tls, mode)] };
}
