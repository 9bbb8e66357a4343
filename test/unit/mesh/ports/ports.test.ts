import { expect, test } from 'vitest';
import {
  findReservedPort,
  findServerFirstPort,
  isReservedPort,
  reservedPorts,
  serverFirstPorts,
} from '../../../../src/mesh/ports/ports.ts';

test("the reserved ports are Istio's", () => {
  const istio = [15000, 15001, 15002, 15004, 15006, 15008, 15020, 15021, 15053, 15090];
  const found = Array.from({ length: 65_535 }, (_, index) => index + 1).filter(isReservedPort);
  expect(found).toEqual(istio);
  expect(reservedPorts.map(({ port }) => port)).toEqual(istio);
});

test('a reserved port says what it is for', () => {
  expect(findReservedPort(15021)?.purpose).toBe("the sidecar's readiness");
  expect(findReservedPort(8080)).toBeUndefined();
  expect(reservedPorts.every(({ purpose }) => purpose.length > 0)).toBe(true);
});

// The ports as IANA's registry has them, and as the servers' own documentation where it has none (2525, TiDB, ProxySQL).
test.each([
  [21, 'FTP'],
  [22, 'SSH'],
  [23, 'Telnet'],
  [25, 'SMTP'],
  [110, 'POP3'],
  [119, 'NNTP'],
  [143, 'IMAP'],
  [587, 'SMTP submission'],
  [2525, 'SMTP'],
  [3306, 'MySQL'],
  [4000, 'MySQL (TiDB)'],
  [4190, 'ManageSieve'],
  [4222, 'NATS'],
  [5900, 'VNC'],
  [6032, 'MySQL (ProxySQL admin)'],
  [6033, 'MySQL (ProxySQL)'],
])('on %i the server speaks first: %s', (port, protocol) => {
  expect(findServerFirstPort(port)?.protocol).toBe(protocol);
});

test('the server-first table has each port once, in order, and leaves out protocols whose client speaks first', () => {
  const ports = serverFirstPorts.map(({ port }) => port);
  expect(ports).toHaveLength(16);
  expect(ports).toEqual([...new Set(ports)].sort((a, b) => a - b));
  for (const clientFirst of [80, 443, 465, 1433, 5432, 5672, 6379, 27017]) {
    expect(findServerFirstPort(clientFirst)).toBeUndefined();
  }
});
