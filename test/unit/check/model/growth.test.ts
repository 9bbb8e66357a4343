import process from 'node:process';
import { expect, it } from 'vitest';
import { buildCluster } from '../../../../src/check/model/cluster.ts';
import { defaultInputs } from '../../../../src/check/model/inputs.ts';
import { loadManifests } from '../../../../src/check/read/load.ts';
import { allRules } from '../../../../src/check/rules/index.ts';

/** Five objects of one namespace for each workload: all that decides about its traffic. */
function documentsOf(index: number): string[] {
  const metadata = { name: `a${index}`, namespace: 'shop', labels: { app: `a${index}` } };
  const labels = { tier: 'web', app: `a${index}` };
  const probe = { httpGet: { path: '/', port: 8080 } };
  const annotations = { 'sidecar.istio.io/rewriteAppHTTPProbers': 'false' };
  const containers = [{ name: 'a', image: 'a:1', ports: [{ containerPort: 8080 }], readinessProbe: probe }];
  const own = (apiVersion: string, kind: string, spec: object) => JSON.stringify({ apiVersion, kind, metadata, spec });
  return [
    own('apps/v1', 'Deployment', {
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec: { containers } },
    }),
    own('v1', 'Service', { selector: labels, ports: [{ name: 'tcp-a', port: 8080 }] }),
    own('security.istio.io/v1', 'PeerAuthentication', {
      selector: { matchLabels: labels },
      mtls: { mode: 'PERMISSIVE' },
    }),
    own('security.istio.io/v1', 'AuthorizationPolicy', {
      selector: { matchLabels: labels },
      rules: [{ to: [{ operation: { ports: ['9999'] } }] }],
    }),
    own('networking.istio.io/v1', 'DestinationRule', {
      host: `a${index}.shop.svc.cluster.local`,
      trafficPolicy: { tls: { mode: 'DISABLE' } },
    }),
  ];
}

/** Processor time of all rules, in microseconds; the least of three runs. */
function costOf(workloads: number): number {
  const text = Array.from({ length: workloads }, (_, index) => documentsOf(index).join('\n---\n')).join('\n---\n');
  const { objects } = loadManifests([{ name: 'a.yaml', text }], 'default');
  const costs = [1, 2, 3].map(() => {
    const before = process.cpuUsage();
    const cluster = buildCluster(objects, { ...defaultInputs, injection: true });
    const found = allRules.flatMap((rule) => [...rule.check(cluster)]);
    expect(found.length).toBeGreaterThan(workloads);
    return process.cpuUsage(before).user;
  });
  return Math.min(...costs);
}

it('four times the workloads of a namespace cost about four times as much, not sixteen', () => {
  costOf(100);
  expect(costOf(1600) / costOf(400)).toBeLessThan(9);
});
