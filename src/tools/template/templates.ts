import {
  externalTls,
  guardDatagrams,
  headlessTcp,
  jobThatEnds,
  nginxHttp11,
  ownTls,
  permissivePorts,
  type Target,
} from '../../check/fix/recipes.ts';
import type { Dict } from '../../check/read/values.ts';
import { healthPort } from '../../mesh/ports/health-port.ts';

/** The options that not every template takes. */
export type TemplateOption = 'app' | 'port' | 'target-port' | 'host' | 'image';

export interface Template {
  readonly text: string;
  /** What it takes besides --name and --namespace, each with its default. */
  readonly takes: Readonly<Partial<Record<TemplateOption, string>>>;
  readonly severalPorts?: true;
  readonly hostMayHavePort?: true;
  readonly make: (values: TemplateValues) => Dict;
}

export interface TemplateValues {
  readonly target: Target;
  readonly ports: readonly number[];
  /** The first of them. */
  readonly port: number;
  readonly targetPort: number;
  readonly host: string;
  readonly image: string;
}

/** How help names the default of --app. */
const sameAsName = 'the name';

/** The manifests by name, from the code that the checker's fixes use. */
export const templates: ReadonlyMap<string, Template> = new Map<string, Template>([
  [
    'health-port',
    {
      text: 'PeerAuthentication: plain text on a health port, STRICT on all other ports',
      takes: { app: sameAsName, port: `${healthPort}` },
      severalPorts: true,
      make: ({ target, ports }) => permissivePorts(target, ports, 'STRICT'),
    },
  ],
  [
    'headless-tcp',
    {
      text: 'headless Service of a cluster whose members call each other',
      takes: { app: sameAsName, port: '2181' },
      severalPorts: true,
      make: ({ target, ports }) => headlessTcp(target, ports),
    },
  ],
  [
    'own-tls',
    {
      text: 'Service whose pods speak TLS themselves',
      takes: { app: sameAsName, port: '443', 'target-port': '8443' },
      make: ({ target, port, targetPort }) => ownTls(target, port, targetPort),
    },
  ],
  [
    'external-tls',
    {
      text: 'ServiceEntry for a host outside the mesh that is called over TLS',
      takes: { host: 'api.example.com', port: '443' },
      make: ({ target: { name, namespace }, host, port }) => externalTls(name, namespace, host, port),
    },
  ],
  [
    'udp-network-policy',
    {
      text: 'NetworkPolicy: who may send UDP, which the sidecar does not see',
      takes: { app: sameAsName, port: '53' },
      severalPorts: true,
      make: ({ target, ports }) => guardDatagrams(target, 'UDP', ports),
    },
  ],
  [
    'nginx-http11',
    {
      text: 'ConfigMap with an nginx that speaks HTTP/1.1 to its upstream',
      takes: { host: 'web', port: '8080' },
      hostMayHavePort: true,
      make: ({ target: { name, namespace }, host, port }) => nginxHttp11(name, namespace, host, port),
    },
  ],
  [
    'job',
    {
      text: 'Job that ends although it has a sidecar',
      takes: { image: 'example.com/job:1' },
      make: ({ target: { name, namespace }, image }) => jobThatEnds(name, namespace, image),
    },
  ],
]);
