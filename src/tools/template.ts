import {
  externalTls,
  guardDatagrams,
  headlessTcp,
  jobThatEnds,
  nginxHttp11,
  ownTls,
  permissivePorts,
  type Target,
} from '../check/fix/recipes.ts';
import { toYaml } from '../check/fix/to-yaml.ts';
import type { Dict } from '../check/read/values.ts';
import { describeOptions, type OptionSpec, oneOf, parseOptions } from './options.ts';
import { exitClean, ToolError, type ToolIo } from './tool.ts';

const optionSpecs: readonly OptionSpec[] = [
  { flag: 'name', value: 'NAME', summary: 'name of the object; default: web' },
  { flag: 'namespace', value: 'NAME', summary: 'default: default' },
  { flag: 'app', value: 'LABEL', summary: "the pods' label app; default: the name" },
  { flag: 'port', value: 'PORTS', summary: 'port, or several with commas between them' },
  { flag: 'target-port', value: 'PORT', summary: "the container's port; default: the port" },
  { flag: 'host', value: 'HOST', summary: 'host outside the mesh, or upstream' },
  { flag: 'image', value: 'IMAGE', summary: "the Job's image" },
  { flag: 'help', summary: 'print this' },
];

interface Parameters {
  readonly target: Target;
  readonly ports: (fallback: number) => readonly number[];
  readonly port: (fallback: number) => number;
  readonly targetPort: (fallback: number) => number;
  readonly host: (fallback: string) => string;
  readonly image: string;
}

/** The manifests by name, from the code that the checker's fixes use. */
export const templates: Readonly<
  Record<string, { readonly summary: string; readonly make: (parameters: Parameters) => Dict }>
> = {
  'health-port': {
    summary: 'plain probes on a health port, all else STRICT',
    make: ({ target, ports }) => permissivePorts(target, ports(8081), 'STRICT'),
  },
  'headless-tcp': {
    summary: 'headless Service of a cluster whose members call each other',
    make: ({ target, ports }) => headlessTcp(target, ports(2181)),
  },
  'own-tls': {
    summary: 'Service whose pods speak TLS themselves',
    make: ({ target, port, targetPort }) => ownTls(target, port(443), targetPort(8443)),
  },
  'external-tls': {
    summary: 'host outside the mesh, called over TLS',
    make: ({ target, host, port }) => externalTls(target.name, target.namespace, host('api.example.com'), port(443)),
  },
  'udp-network-policy': {
    summary: 'who may send UDP, which the mesh does not see',
    make: ({ target, ports }) => guardDatagrams(target, 'UDP', ports(53)),
  },
  'nginx-http11': {
    summary: 'nginx that speaks HTTP/1.1 to its upstreams',
    make: ({ target, host, port }) => nginxHttp11(target.name, target.namespace, host('web'), port(8080)),
  },
  job: {
    summary: 'Job that ends, its sidecar with it',
    make: ({ target, image }) => jobThatEnds(target.name, target.namespace, image),
  },
};

/** `mesh-shim template`. @throws ToolError for what the user must correct */
export async function template(args: readonly string[], io: ToolIo): Promise<number> {
  const { operands, values } = parseOptions('template', args, optionSpecs);
  if (values.has('help')) {
    io.stdout.write(help());
    return exitClean;
  }
  const [name, extra] = operands;
  if (name === undefined || extra !== undefined)
    throw new ToolError(`name one template (${Object.keys(templates).join(', ')})`);
  const found = templates[oneOf('template', name, Object.keys(templates))];
  io.stdout.write(toYaml(found?.make(readParameters(values)) ?? {}));
  return exitClean;
}

function readParameters(values: ReadonlyMap<string, string>): Parameters {
  const name = dnsName('name', values.get('name') ?? 'web');
  const target = {
    name,
    namespace: dnsName('namespace', values.get('namespace') ?? 'default'),
    labels: { app: values.get('app') ?? name },
  };
  const given = values
    .get('port')
    ?.split(',')
    .map((text) => portNumber('port', text));
  const targetPort = values.get('target-port');
  return {
    target,
    ports: (fallback) => given ?? [fallback],
    port: (fallback) => given?.[0] ?? fallback,
    targetPort: (fallback) =>
      targetPort === undefined ? (given?.[0] ?? fallback) : portNumber('target-port', targetPort),
    host: (fallback) => values.get('host') ?? fallback,
    image: values.get('image') ?? 'example.com/job:1',
  };
}

function portNumber(flag: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text.trim()) || port < 1 || port > 65_535)
    throw new ToolError(`--${flag}: "${text}" is no port; use 1 to 65535`);
  return port;
}

function dnsName(flag: string, text: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) return text;
  throw new ToolError(`--${flag}: "${text}" is no name for Kubernetes; use a-z, 0-9 and - (63 at most)`);
}

function help(): string {
  const names = Object.entries(templates).map(([name, { summary }]) => `  ${name.padEnd(20)}${summary}\n`);
  return `mesh-shim template NAME [OPTIONS]\n\nPrints a manifest to apply.\n\n${names.join('')}\n${describeOptions(optionSpecs)}`;
}
