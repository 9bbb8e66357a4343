import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DeclaredProtocol,
  declaredProtocols,
  type PortDeclaration,
  portProtocol,
  wellKnownTcpPorts,
} from '../../../../src/mesh/ports/port-protocol.ts';

// Istio's documented behaviour, case by case: [declaration, protocol, handling, source].
const istio: [PortDeclaration, string, string, string][] = [
  [{}, 'unknown', 'sniffed', 'none'],
  [{ protocol: 'UDP' }, 'udp', 'outside', 'protocol'],
  [{ protocol: 'UDP', name: 'http-web', appProtocol: 'http' }, 'udp', 'outside', 'protocol'],
  [{ protocol: 'SCTP', name: 'http' }, 'sctp', 'outside', 'protocol'],
  [{ name: 'http-something' }, 'http', 'http', 'name'],
  [{ name: 'HTTP2-something' }, 'http2', 'http', 'name'],
  [{ name: 'http-something', appProtocol: 'https' }, 'https', 'tls', 'appProtocol'],
  [{ name: 'something-http', appProtocol: 'https' }, 'https', 'tls', 'appProtocol'],
  [{ name: 'something-http' }, 'unknown', 'sniffed', 'none'],
  [{ name: 'grpc-web-x' }, 'grpc-web', 'http', 'name'],
  [{ name: 'gRPC-Web' }, 'grpc-web', 'http', 'name'],
  [{ name: 'grpc-website' }, 'grpc-web', 'http', 'name'],
  [{ name: 'grpcweb-x' }, 'unknown', 'sniffed', 'none'],
  [{ name: 'random-name', port: 3306 }, 'tcp', 'tcp', 'well-known-port'],
  [{ name: 'http', port: 3306 }, 'http', 'http', 'name'],
  [{ appProtocol: 'acme.com/amqp', port: 27017 }, 'tcp', 'tcp', 'well-known-port'],
  // An unknown appProtocol does not fall back to the name.
  [{ name: 'http', appProtocol: 'acme.com/thing' }, 'unknown', 'sniffed', 'none'],
  [{ name: 'http', appProtocol: '' }, 'unknown', 'sniffed', 'none'],
  [{ appProtocol: 'kubernetes.io/h2c' }, 'http2', 'http', 'appProtocol'],
  [{ appProtocol: 'kubernetes.io/ws' }, 'http', 'http', 'appProtocol'],
  [{ appProtocol: 'kubernetes.io/wss' }, 'https', 'tls', 'appProtocol'],
  [{ appProtocol: 'Kubernetes.io/h2c' }, 'unknown', 'sniffed', 'none'],
  [{ name: 'kubernetes.io/h2c' }, 'unknown', 'sniffed', 'none'],
  [{ name: 'udp-thing' }, 'udp', 'outside', 'name'],
  [{ name: 'web' }, 'unknown', 'sniffed', 'none'],
  [{ name: '-http' }, 'unknown', 'sniffed', 'none'],
  [{ name: 'toString', appProtocol: 'constructor' }, 'unknown', 'sniffed', 'none'],
];

test.each(istio)('%j is %s, handled as %s by its %s', (declaration, protocol, handling, source) => {
  expect(portProtocol(declaration)).toMatchObject({ protocol, handling, source });
});

test('the reason names what decided', () => {
  expect(portProtocol({ name: 'http-web' }).reason).toBe('name "http-web" declares it');
  expect(portProtocol({ name: 'web' }).reason).toBe(
    'name "web" is no protocol that Istio knows, so the sidecar waits for the client\'s first bytes to tell HTTP from TCP',
  );
  expect(portProtocol({ port: 25 }).reason).toBe(
    'nothing declares a protocol, and port 25 is one of those that are TCP by default',
  );
});

describe('for any declaration', () => {
  const anyCase = fc
    .tuple(fc.constantFrom(...declaredProtocols), fc.infiniteStream(fc.boolean()))
    .map(([protocol, upper]): [DeclaredProtocol, string] => [
      protocol,
      [...protocol].map((letter) => (upper.next().value ? letter.toUpperCase() : letter)).join(''),
    ]);
  const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });
  const suffix = fc.option(fc.stringMatching(/^[a-z0-9-]{0,20}$/), { nil: undefined });

  test('a known prefix decides, whatever its case, what follows the dash, or the port', () => {
    fc.assert(
      fc.property(
        anyCase,
        suffix,
        port,
        fc.constantFrom('name', 'appProtocol'),
        ([protocol, spelled], rest, number, field) => {
          // The one exception: "grpc" followed by "web..." is another protocol.
          fc.pre(!(protocol === 'grpc' && rest?.startsWith('web')));
          const text = rest === undefined ? spelled : `${spelled}-${rest}`;
          expect(portProtocol({ [field]: text, port: number })).toMatchObject({ protocol, source: field });
        },
      ),
    );
  });

  test('what no table knows is sniffed, except on the four ports', () => {
    const known = new Set<string>(declaredProtocols);
    const unknown = fc.string({ maxLength: 30 }).filter((text) => {
      const lower = text.toLowerCase();
      return (
        !known.has(lower.split('-')[0] ?? '') && !lower.startsWith('grpc-web') && !text.startsWith('kubernetes.io/')
      );
    });
    const ports = fc.oneof(port, fc.constantFrom(...wellKnownTcpPorts));
    fc.assert(
      fc.property(unknown, ports, fc.constantFrom('name', 'appProtocol'), (text, number, field) => {
        const wellKnown = number === 25 || number === 53 || number === 3306 || number === 27017;
        expect(portProtocol({ [field]: text, port: number }).protocol).toBe(wellKnown ? 'tcp' : 'unknown');
      }),
    );
  });

  test('appProtocol hides the name', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), port, (name, appProtocol, number) => {
        expect(portProtocol({ name, appProtocol, port: number })).toEqual(portProtocol({ appProtocol, port: number }));
      }),
    );
  });
});
