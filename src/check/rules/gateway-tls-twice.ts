import { matches } from '../model/selectors.ts';
import { type KubeObject, objectName } from '../read/manifest.ts';
import { type Dict, dict, int, list, type Path, text, texts } from '../read/values.ts';
import type { Problem, Rule } from './shared/rule.ts';

export const gatewayTlsTwice: Rule = {
  id: 'gateway-tls-twice',
  severity: 'error',
  title: 'Two Gateways with TLS for one host, or with one certificate',
  why: 'TLS is told apart by the name that the client asks for. Of two servers with one host at one port of the same pods, istiod leaves the younger one out, with all its routes. With one certificate in two Gateways, a browser reuses its HTTP/2 connection for the other host, and gets 404 there.',
  fix: 'One Gateway for the host. For a certificate of several hosts: one server with all of them, or a certificate for each.',
  docs: [
    'The same pods are those of the same `selector`, or of one that holds the other. Gateways with one certificate are a warning; so are two with one host in several files, which may be alternatives.',
    'A host with a dot before it (`./web.example.com`) is for the namespace of its own Gateway. One certificate matters for HTTPS alone: only browsers reuse connections.',
    'Without TLS, several Gateways of one host are merged, and nothing is wrong.',
  ],
  *check(cluster) {
    const servers = cluster.ofKind('Gateway').flatMap(serversOf);
    for (const [index, server] of servers.entries()) {
      const rivals = servers.slice(0, index).filter((other) => arePeers(other, server));
      const same = rivals.find(
        (other) => other.port === server.port && other.bind === server.bind && sharedHost(other, server),
      );
      const problem = same === undefined ? sharedCertificate(server, rivals) : clash(server, same);
      if (problem !== undefined) yield problem;
    }
  },
};

interface Server {
  readonly object: KubeObject;
  readonly path: Path;
  readonly selector: Readonly<Record<string, string>>;
  readonly port: number | undefined;
  readonly bind: string;
  readonly hosts: readonly string[];
  /** HTTP within TLS, as browsers speak it. */
  readonly isHttps: boolean;
  readonly tls: Dict;
}

function serversOf(object: KubeObject): Server[] {
  const spec = dict(object.data.spec);
  return list(spec.servers).flatMap((item, index): Server[] => {
    const { tls, port, hosts, bind } = dict(item);
    if (Object.keys(dict(tls)).length === 0 || dict(tls).httpsRedirect === true) return [];
    return [
      {
        object,
        path: ['spec', 'servers', index],
        selector: texts(spec.selector),
        port: int(dict(port).number),
        bind: text(bind) ?? '',
        hosts: list(hosts).flatMap((host) => wholeHost(text(host), object.namespace)),
        isHttps: text(dict(port).protocol)?.toUpperCase() === 'HTTPS',
        tls: dict(tls),
      },
    ];
  });
}

/** A host without a namespace is for all, and a dot is the Gateway's own: sanitizeServerHostNamespace of Istio 1.31. */
function wholeHost(host: string | undefined, namespace: string): string[] {
  if (host === undefined) return [];
  if (!host.includes('/')) return [`*/${host}`];
  return [host.startsWith('./') ? `${namespace}${host.slice(1)}` : host];
}

/** Other Gateways of the same pods. A Gateway that several files have is one. */
function arePeers(one: Server, other: Server): boolean {
  if (one.object.name === other.object.name && one.object.namespace === other.object.namespace) return false;
  return matches(one.selector, other.selector) || matches(other.selector, one.selector);
}

function sharedHost(one: Server, other: Server): string | undefined {
  return other.hosts.find((host) => one.hosts.includes(host));
}

function clash(server: Server, other: Server): Problem {
  const { object, path, port } = server;
  const isOne = object.document.source === other.object.document.source;
  return {
    object,
    path: [...path, 'hosts'],
    message: `One of them is left out: ${objectName(other.object)} has ${sharedHost(other, server)?.replace('*/', '')} with TLS at port ${port}, too.`,
    ...(!isOne && { severity: 'warning' }),
  };
}

function sharedCertificate(
  { object, path, tls, port, isHttps }: Server,
  rivals: readonly Server[],
): Problem | undefined {
  const name = isHttps ? text(tls.credentialName) : undefined;
  const other = rivals.find(
    (rival) => name !== undefined && rival.isHttps && rival.port === port && rival.tls.credentialName === name,
  );
  if (other === undefined) return undefined;
  return {
    object,
    path: [...path, 'tls', 'credentialName'],
    message: `Browsers get 404 for one of the hosts: ${objectName(other.object)} has the certificate ${name}, too, and they reuse its connections.`,
    severity: 'warning',
  };
}
