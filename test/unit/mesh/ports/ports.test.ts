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

test('the server-first table has each port once, in order, and leaves out protocols whose client speaks first', () => {
  const ports = serverFirstPorts.map(({ port }) => port);
  expect(ports).toEqual([...new Set(ports)].sort((a, b) => a - b));
  for (const clientFirst of [80, 443, 465, 1433, 5432, 5672, 6379, 27017]) {
    expect(findServerFirstPort(clientFirst)).toBeUndefined();
  }
  expect(findServerFirstPort(4222)?.protocol).toBe('NATS');
});
