import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { describePorts, type MeshOptionError, portProtocol } from '../../../src/ports/index.ts';

/** As `kubectl get service -o yaml` shows one. */
const service = parse(`
apiVersion: v1
kind: Service
metadata:
  name: shop
  uid: 0f7d3c1e-5c0f-4f43-9d3f-5a3b8c1d2e4f
spec:
  clusterIP: 10.96.12.7
  ipFamilies: [IPv4]
  ports:
    - { name: http-web, appProtocol: http, port: 80, protocol: TCP, targetPort: web, nodePort: 30080 }
    - { name: dns, port: 53, protocol: UDP, targetPort: 53 }
    - { name: broker, port: 4222, protocol: TCP, targetPort: nats }
  selector: { app: shop }
  type: NodePort
status: { loadBalancer: {} }
`);

test('a Service is taken as it is', () => {
  const findings = describePorts(service).map(({ code, port }) => [code, port]);
  expect(findings).toEqual([
    ['outside-mesh', 53],
    ['server-first', 4222],
  ]);
  expect(describePorts(service.spec.ports)).toEqual(describePorts(service));
});

test('so is each of its ports', () => {
  const protocols = service.spec.ports.map((port: object) => portProtocol(port).protocol);
  expect(protocols).toEqual(['http', 'udp', 'unknown']);
});

test('a Service without ports has nothing to say of', () => {
  expect(describePorts({ kind: 'Service', spec: {} })).toEqual([]);
});

describe('what is neither ports nor a Service is refused where it is wrong', () => {
  const port = service.spec.ports[0];
  test.each<[string, unknown, string, string]>([
    [
      'another object',
      { ...service, kind: 'Deployment' },
      'ports.kind',
      `must be 'Service', got the string "Deployment"`,
    ],
    ['no spec', { kind: 'Service' }, 'ports', 'must be a list of ports or a Service, got an object'],
    ['no list', { spec: { ports: 80 } }, 'ports.spec.ports', 'must be a list of ports, got 80'],
    [
      'an unknown field',
      { spec: { ports: [{ ...port, containerPort: 80 }] } },
      'ports.spec.ports[0].containerPort',
      'there is no option "ports.spec.ports[0].containerPort"',
    ],
    [
      "a port of a pod's container",
      [{ name: 'http', containerPort: 80 }],
      'ports[0].containerPort',
      'there is no option "ports[0].containerPort"',
    ],
  ])('%s', (_, given, option, text) => {
    const refusal = (): MeshOptionError | undefined => {
      try {
        describePorts(given as never);
        return undefined;
      } catch (error) {
        return error as MeshOptionError;
      }
    };
    expect(refusal()?.option).toBe(option);
    expect(refusal()?.message).toContain(`describePorts: `);
    expect(refusal()?.message).toContain(text);
  });
});
