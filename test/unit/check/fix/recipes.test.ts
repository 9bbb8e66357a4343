import { expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  externalTls,
  guardDatagrams,
  headlessTcp,
  jobThatEnds,
  nginxHttp11,
  ownTls,
  permissivePorts,
} from '../../../../src/check/fix/recipes.ts';
import { toYaml } from '../../../../src/check/fix/to-yaml.ts';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';

const target = { name: 'web', namespace: 'shop', labels: { app: 'web' } };
const metadata = { name: 'web', namespace: 'shop' };

it.each([
  [
    'plain probes on a port',
    permissivePorts(target, [8081, 8082], 'STRICT'),
    {
      selector: { matchLabels: { app: 'web' } },
      mtls: { mode: 'STRICT' },
      portLevelMtls: { 8081: { mode: 'PERMISSIVE' }, 8082: { mode: 'PERMISSIVE' } },
    },
  ],
  [
    'the mode of the rest left alone',
    permissivePorts(target, [8081]),
    { selector: { matchLabels: { app: 'web' } }, portLevelMtls: { 8081: { mode: 'PERMISSIVE' } } },
  ],
  [
    'datagrams from the own namespace, all of TCP',
    guardDatagrams(target, 'UDP', [53]),
    {
      podSelector: { matchLabels: { app: 'web' } },
      policyTypes: ['Ingress'],
      ingress: [
        { ports: [{ protocol: 'TCP', port: 1, endPort: 65_535 }] },
        { from: [{ podSelector: {} }], ports: [{ protocol: 'UDP', port: 53 }] },
      ],
    },
  ],
  [
    'members that call each other',
    headlessTcp(target, [2181, 2888]),
    {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: { app: 'web' },
      ports: [
        { name: 'tcp-2181', port: 2181, appProtocol: 'tcp' },
        { name: 'tcp-2888', port: 2888, appProtocol: 'tcp' },
      ],
    },
  ],
  [
    'TLS of the own',
    ownTls(target, 443, 8443),
    { selector: { app: 'web' }, ports: [{ name: 'https', port: 443, targetPort: 8443, appProtocol: 'https' }] },
  ],
  [
    'TLS to a host outside',
    externalTls('web', 'shop', 'api.example.com', 443),
    {
      hosts: ['api.example.com'],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
      ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
    },
  ],
  [
    'a Job that ends',
    jobThatEnds('web', 'shop', 'example/job:1'),
    {
      template: {
        metadata: { annotations: { 'sidecar.istio.io/nativeSidecar': 'true' } },
        spec: { restartPolicy: 'Never', containers: [{ name: 'web', image: 'example/job:1' }] },
      },
    },
  ],
])('%s', (_, manifest, spec) => {
  expect(manifest).toMatchObject({ metadata, spec });
  expect(manifest.spec).toEqual(spec);
  const text = toYaml(manifest);
  expect(parse(text)).toEqual(manifest);
  const { findings, objects } = checkManifests([{ name: 'a', text }]);
  expect({ findings, objects }).toEqual({ findings: [], objects: 1 });
});

it('nginx speaks HTTP/1.1 to its upstream', () => {
  expect(nginxHttp11('web', 'shop', 'api', 8080)).toMatchObject({
    metadata,
    data: {
      'default.conf':
        'server {\n  listen 8080;\n  location / {\n    proxy_pass http://api;\n    proxy_http_version 1.1;\n    proxy_set_header Connection "";\n  }\n}\n',
    },
  });
});

it('long lines stay lines', () => {
  expect(toYaml({ a: 'word '.repeat(50).trim() })).toBe(`a: ${'word '.repeat(50).trim()}\n`);
});
