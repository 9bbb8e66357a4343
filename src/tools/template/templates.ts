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
import { toYaml } from '../../check/fix/to-yaml.ts';
import { healthPort } from '../../mesh/ports/health-port.ts';
import { admissionPolicy } from './admission/admission-policy.ts';
import type { admissionWays, engines, Label } from './admission/admission-values.ts';

/** The options that not every template takes. */
export type TemplateOption =
  | ('app' | 'port' | 'target-port' | 'host' | 'image')
  | ('way' | 'engine' | 'label' | 'namespace-label' | 'except' | 'except-namespace');

export interface Template {
  readonly text: string;
  /** Given where it is of no namespace: what it is called without --name. */
  readonly ofCluster?: string;
  /** What it takes besides --name and --namespace, each with its default. */
  readonly takes: Readonly<Partial<Record<TemplateOption, string>>>;
  readonly severalPorts?: true;
  readonly hostMayHavePort?: true;
  /** The manifest, as YAML. */
  readonly make: (values: TemplateValues) => string;
}

export interface TemplateValues {
  readonly target: Target;
  readonly ports: readonly number[];
  /** The first of them. */
  readonly port: number;
  readonly targetPort: number;
  readonly host: string;
  readonly image: string;
  readonly way: (typeof admissionWays)[number];
  readonly engine: (typeof engines)[number];
  readonly label: Label | undefined;
  readonly namespaceLabel: Label | undefined;
  readonly except: readonly string[];
  readonly exceptNamespaces: readonly string[];
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
      make: ({ target, ports }) => toYaml(permissivePorts(target, ports, 'STRICT')),
    },
  ],
  [
    'headless-tcp',
    {
      text: 'headless Service of a cluster whose members call each other',
      takes: { app: sameAsName, port: '2181' },
      severalPorts: true,
      make: ({ target, ports }) => toYaml(headlessTcp(target, ports)),
    },
  ],
  [
    'own-tls',
    {
      text: 'Service whose pods speak TLS themselves',
      takes: { app: sameAsName, port: '443', 'target-port': '8443' },
      make: ({ target, port, targetPort }) => toYaml(ownTls(target, port, targetPort)),
    },
  ],
  [
    'external-tls',
    {
      text: 'ServiceEntry for a host outside the mesh that is called over TLS',
      takes: { host: 'api.example.com', port: '443' },
      make: ({ target: { name, namespace }, host, port }) => toYaml(externalTls(name, namespace, host, port)),
    },
  ],
  [
    'udp-network-policy',
    {
      text: 'NetworkPolicy: who may send UDP, which the sidecar does not see',
      takes: { app: sameAsName, port: '53' },
      severalPorts: true,
      make: ({ target, ports }) => toYaml(guardDatagrams(target, 'UDP', ports)),
    },
  ],
  [
    'nginx-http11',
    {
      text: 'ConfigMap with an nginx that speaks HTTP/1.1 to its upstream',
      takes: { host: 'web', port: '8080' },
      hostMayHavePort: true,
      make: ({ target: { name, namespace }, host, port }) => toYaml(nginxHttp11(name, namespace, host, port)),
    },
  ],
  [
    'job',
    {
      text: 'Job that ends although it has a sidecar',
      takes: { image: 'example.com/job:1' },
      make: ({ target: { name, namespace }, image }) => toYaml(jobThatEnds(name, namespace, image)),
    },
  ],
  [
    'admission',
    {
      text: 'admission policy that brings mesh-shim into pods',
      ofCluster: 'mesh-shim',
      takes: {
        way: 'volume',
        engine: 'policy',
        image: 'registry.example.com/mesh-shim:0.1.0',
        label: 'mesh-shim=enabled',
        'namespace-label': 'none',
        except: 'none',
        'except-namespace': 'none',
      },
      make: ({ target: { name }, ...values }) => admissionPolicy({ ...values, name }),
    },
  ],
]);
