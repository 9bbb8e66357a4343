import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { grpcServices } from '../../src/health/grpc-health.ts';
import { type HealthServerErrorCode, healthOptionTable } from '../../src/health/index.ts';
import { lifecycleExitCodes, reservedPorts } from '../../src/index.ts';
import { portFindingSeverities } from '../../src/mesh/ports/describe-ports.ts';

/** The rows of the table whose first heading begins with these words. */
function table(part: string, heading: string): string[][] {
  const lines = readFileSync(new URL(`../../docs/${part}.md`, import.meta.url), 'utf8').split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${heading}`));
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

test('exit codes', () => {
  const rows = table('lifecycle', 'exit code').filter(([, name]) => name !== '');
  expect(rows.map(([code, name]) => [name, Number(code)])).toEqual(Object.entries(lifecycleExitCodes));
});

test('error codes of the health server', () => {
  // The type checker holds this list to the union; the list holds the table to it.
  const codes: Record<HealthServerErrorCode, true> = {
    HEALTH_PORT_IN_USE: true,
    HEALTH_LISTEN_FAILED: true,
    HEALTH_WORKER_FAILED: true,
  };
  expect(table('health', 'code').map(([code]) => code)).toEqual(Object.keys(codes));
});

test("gRPC's services", () => {
  const rows = table('health', 'service').map(([service, path = '']) => [
    service === '""' ? '' : service,
    path.slice(1),
  ]);
  expect(rows).toEqual(Object.entries(grpcServices));
});

test("the kubelet's gRPC probes ask each for what it is about", () => {
  const page = readFileSync(new URL('../../docs/health.md', import.meta.url), 'utf8');
  const [, yaml = ''] = /^```yaml(?: fragment)?\n(.*?)^```$/ms.exec(page) ?? [];
  const { startupProbe, livenessProbe, readinessProbe, ...others } = parse(yaml);
  expect(others).toEqual({});
  const port = healthOptionTable.find(({ name }) => name === 'port')?.default;
  const probes = { startupz: startupProbe, livez: livenessProbe, readyz: readinessProbe };
  for (const [endpoint, { grpc }] of Object.entries(probes)) {
    expect([endpoint, grpc.port]).toEqual([grpcServices[grpc.service], port]);
  }
});

test('port findings and reserved ports', () => {
  expect(table('ports', 'code').map(([code, severity]) => [code, severity])).toEqual(
    Object.entries(portFindingSeverities),
  );
  expect(table('ports', 'port').map(([port, purpose]) => ({ port: Number(port), purpose }))).toEqual(
    reservedPorts.map(({ port, purpose }) => ({ port, purpose })),
  );
  const udp = reservedPorts.flatMap(({ port, udp: also }) => (also ? [port] : []));
  expect(readFileSync('docs/ports.md', 'utf8')).toContain(`All are TCP, and ${udp.join(', ')} is UDP as well`);
});
