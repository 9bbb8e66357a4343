import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DescribedPort, describePorts, portFindingSeverities } from '../../../../src/mesh/ports/describe-ports.ts';
import { reservedPorts } from '../../../../src/mesh/ports/ports.ts';

const codes = (...ports: DescribedPort[]) => describePorts(ports).map(({ code }) => code);

test.each<[string, DescribedPort[], string[]]>([
  [
    'nothing to say about declared ports',
    [
      { name: 'http-web', port: 80 },
      { name: 'grpc', port: 9090 },
    ],
    [],
  ],
  ['an undeclared port is sniffed', [{ name: 'web', port: 8080 }], ['undeclared']],
  ['a server-first protocol on a sniffed port hangs', [{ name: 'broker', port: 4222 }], ['server-first']],
  ['... but not where it is declared http: a number proves nothing', [{ name: 'http', port: 4000 }], []],
  ['... where only the target port shows it', [{ name: 'broker', port: 9000, targetPort: 4222 }], ['server-first']],
  ['... but not when it is declared', [{ name: 'tcp-broker', port: 4222 }], []],
  ['... nor where Istio knows the port', [{ name: 'db', port: 3306 }], []],
  ['a reserved port', [{ name: 'http', port: 15021 }], ['reserved-port']],
  ["the sidecar's DNS over UDP", [{ name: 'dns', port: 15053, protocol: 'UDP' }], ['reserved-port', 'outside-mesh']],
  ["a number of the sidecar's over UDP", [{ name: 'rtp', port: 15021, protocol: 'UDP' }], ['outside-mesh']],
  ['a reserved port behind a Service', [{ name: 'http', port: 80, targetPort: 15090 }], ['reserved-port']],
  ["a Service's own port is free to be anything", [{ name: 'http', port: 15090, targetPort: 8080 }], []],
  ['a named target port may be any', [{ name: 'http', port: 15021, targetPort: 'web' }], []],
  ["... and the Service's own port shows it", [{ name: 'broker', port: 4222, targetPort: 'nats' }], ['server-first']],
  [
    'HTTP and TCP on one named port',
    [
      { name: 'http', port: 80, targetPort: 'web' },
      { name: 'tcp', port: 81, targetPort: 'web' },
    ],
    ['mixed-protocols'],
  ],
  [
    'HTTP and TCP on one port',
    [
      { name: 'http', port: 80, targetPort: 8080 },
      { name: 'tcp', port: 81, targetPort: 8080 },
    ],
    ['mixed-protocols'],
  ],
  [
    'one protocol twice on one port',
    [
      { name: 'http-a', port: 80, targetPort: 8080 },
      { name: 'http-b', port: 81, targetPort: 8080 },
    ],
    [],
  ],
  [
    'HTTP/1 and gRPC on one port',
    [
      { name: 'http', port: 80, targetPort: 8080 },
      { name: 'grpc', port: 81, targetPort: 8080 },
    ],
    ['mixed-protocols'],
  ],
  [
    'TCP and UDP may share a number',
    [
      { name: 'tcp-dns', port: 53 },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ],
    ['outside-mesh'],
  ],
  [
    'health on the port of the app',
    [
      { name: 'http', port: 8080 },
      { name: 'http-health', port: 8080, use: 'health' },
    ],
    ['health-port-shared'],
  ],
  [
    'health on a port of its own',
    [
      { name: 'http', port: 8080 },
      { name: 'http-health', port: 9000, use: 'health' },
    ],
    [],
  ],
  ['a name that contradicts appProtocol', [{ name: 'http-web', appProtocol: 'tcp', port: 80 }], ['name-contradicts']],
  ['a TCP port named udp', [{ name: 'udp-web', port: 80 }], ['udp-name-on-tcp']],
])('%s', (_title, ports, expected) => {
  expect(codes(...ports)).toEqual(expected);
});

test('a message says what, what follows and what to do', () => {
  expect(describePorts([{ name: 'broker', port: 4222 }])[0]?.message).toBe(
    'port 4222 is usually NATS, where the server speaks first, and name "broker" is no protocol that Istio knows, so the ' +
      "sidecar waits for the client's first bytes to tell HTTP from TCP: connections hang; set appProtocol: tcp",
  );
});

test('for any ports: severities are those of the table, reserved targets are found, and order does not hide a finding', () => {
  const reserved = new Set<number | string>(reservedPorts.map(({ port }) => port));
  const number = fc.oneof(
    fc.integer({ min: 1, max: 65_535 }),
    fc.constantFrom(22, 53, 8080, 9000, ...reservedPorts.map(({ port }) => port)),
  );
  const described = fc.record(
    {
      port: number,
      targetPort: fc.oneof(number, fc.constantFrom('web', 'nats')),
      name: fc.constantFrom('http', 'tcp-a', 'grpc-b', 'web', 'udp'),
      appProtocol: fc.constantFrom('http', 'tcp', 'acme.com/x'),
      protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
      use: fc.constantFrom('app', 'health'),
    },
    { requiredKeys: ['port'] },
  ) as fc.Arbitrary<DescribedPort>;
  fc.assert(
    fc.property(fc.array(described, { maxLength: 6 }), (ports) => {
      const findings = describePorts(ports);
      for (const { code, severity } of findings) expect(severity).toBe(portFindingSeverities[code]);
      // The sidecar listens on TCP; its DNS on UDP, too.
      const isTaken = (number: number | string, protocol = 'TCP') =>
        reserved.has(number) && (protocol === 'TCP' || (protocol === 'UDP' && number === 15_053));
      const count = ports.filter(({ port, targetPort, protocol }) => isTaken(targetPort ?? port, protocol)).length;
      expect(findings.filter(({ code }) => code === 'reserved-port')).toHaveLength(count);
      const found = (list: readonly DescribedPort[]) =>
        [...new Set(describePorts(list).map(({ code }) => code))].sort();
      expect(found(ports.toReversed())).toEqual(found(ports));
    }),
  );
});
