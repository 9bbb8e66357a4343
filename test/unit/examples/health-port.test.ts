import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { describePorts, healthOptionTable, lifecycleOptionTable, type OptionRow } from '../../../src/index.ts';

const defaultOf = <Value>(table: readonly OptionRow[], name: string) =>
  table.find((row) => row.name === name)?.default as Value;
const port = defaultOf<number>(healthOptionTable, 'port');
const paths = defaultOf<Record<'livez' | 'readyz' | 'startupz', string>>(healthOptionTable, 'paths');

interface Probe {
  httpGet: { path: string; port: number };
}
interface Manifest {
  kind: string;
  spec: {
    ports: { name: string; appProtocol: string; port: number; targetPort: number }[];
    selector: { app: string; matchLabels: object };
    mtls: { mode: string };
    portLevelMtls?: Record<string, { mode: string }>;
    template: {
      metadata: { labels: object; annotations?: Record<string, string> };
      spec: {
        terminationGracePeriodSeconds: number;
        containers: [
          { ports: { name: string; containerPort: number }[] } & Record<
            'startupProbe' | 'livenessProbe' | 'readinessProbe',
            Probe
          >,
        ];
      };
    };
  };
}

function load(name: string) {
  const text = readFileSync(new URL(`../../../examples/health-port/${name}.yaml`, import.meta.url), 'utf8');
  const documents = parseAllDocuments(text);
  expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
  const manifests = documents.map((document) => document.toJS() as Manifest);
  const find = (kind: string) => {
    const found = manifests.find((manifest) => manifest.kind === kind);
    if (found === undefined) throw new Error(`${name} has no ${kind}`);
    return found.spec;
  };
  return { service: find('Service'), policy: find('PeerAuthentication'), pod: find('Deployment').template };
}

describe.each(['probe-rewrite', 'port-level-mtls', 'exclude-inbound-ports'])('examples/health-port/%s.yaml', (name) => {
  const { service, policy, pod } = load(name);
  const { startupProbe, livenessProbe, readinessProbe, ports } = pod.spec.containers[0];

  test('the probes ask what createHealthServer() serves by default', () => {
    expect(startupProbe.httpGet).toEqual({ path: paths.startupz, port });
    expect(livenessProbe.httpGet).toEqual({ path: paths.livez, port });
    expect(readinessProbe.httpGet).toEqual({ path: paths.readyz, port });
    expect(pod.spec.terminationGracePeriodSeconds * 1000).toBe(defaultOf(lifecycleOptionTable, 'graceMs'));
  });

  test('a mesh finds nothing wrong with the ports', () => {
    const health = { name: ports[1]?.name, port: ports[1]?.containerPort ?? 0, use: 'health' } as const;
    expect(ports[1]?.containerPort).toBe(port);
    expect(describePorts([...service.ports, health])).toEqual([]);
  });

  test('mTLS is STRICT for these pods, and exactly one way leads in', () => {
    expect(pod.metadata.labels).toMatchObject(policy.selector.matchLabels);
    expect(policy.mtls.mode).toBe('STRICT');
    const annotations = pod.metadata.annotations ?? {};
    const ways = {
      'probe-rewrite': annotations['sidecar.istio.io/rewriteAppHTTPProbers'] !== 'false',
      'port-level-mtls': policy.portLevelMtls?.[port]?.mode === 'PERMISSIVE',
      'exclude-inbound-ports': annotations['traffic.sidecar.istio.io/excludeInboundPorts'] === String(port),
    };
    expect(Object.entries(ways).filter(([, open]) => open)).toEqual([[name, true]]);
  });
});
