import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { QuitSidecarError, quitSidecar } from '../../../src/lifecycle/index.ts';
import type { MeshName } from '../../../src/mesh/profiles/profiles.ts';
import { MeshOptionError } from '../../../src/shared/mesh-option-error.ts';
import { freePort } from '../../helpers/free-port.ts';
import { startStandInSidecar } from '../../helpers/stand-in-sidecar.ts';

test('one POST to the address as it is written, its query too', async () => {
  const asked: string[] = [];
  const sidecar = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['content-length']}`);
    response.end();
  });
  await new Promise<void>((resolve) => sidecar.listen(0, '::1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void sidecar.close(() => resolve())));
  // The name stands for both loopback addresses, and nothing listens at the first.
  await quitSidecar(`http://localhost:${(sidecar.address() as AddressInfo).port}/quit?now=yes`);
  expect(asked).toEqual(['POST /quit?now=yes 0']);
});

test('repeated on 5xx, and not after the 2xx', async () => {
  const sidecar = await startStandInSidecar();
  sidecar.quitAnswers = [503, 200];
  await quitSidecar(`${sidecar.url as `http://${string}`}/quitquitquit`);
  expect(sidecar.quits().map(({ path }) => path)).toEqual(['/quitquitquit', '/quitquitquit']);
});

test('a refusal is an error that says so, at once', async () => {
  const sidecar = await startStandInSidecar();
  sidecar.quitAnswers = [404];
  const url = `${sidecar.url as `http://${string}`}/shutdown` as const;
  await expect(quitSidecar(url)).rejects.toEqual(
    new QuitSidecarError(`the sidecar does not take the request to quit and stays: ${url} says 404`),
  );
  await expect(quitSidecar(url)).rejects.toMatchObject({ code: 'QUIT_SIDECAR_FAILED' });
  expect(sidecar.quits()).toHaveLength(2);
});

test('silence is an error after the limit', async () => {
  const url = `http://localhost:${await freePort()}/quitquitquit` as const;
  const startedAt = performance.now();
  await expect(quitSidecar(url, 250)).rejects.toThrow(
    `the sidecar could not be told to quit in time and may stay: ${url}: connect ECONNREFUSED`,
  );
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(249);
});

test.each<[unknown[], string]>([
  [['nope'], 'quitSidecar: sidecar must be a mesh (istio, envoy, linkerd'],
  [['nope'], 'or http://HOST:PORT/PATH, got the string "nope"'],
  [['toString'], 'got the string "toString"'],
  [['https://localhost/x'], 'https is not supported'],
  [['istio', -1], 'timeoutMs must be'],
])('%j is refused at the call', async (args, message) => {
  const call = quitSidecar(...(args as [MeshName, number]));
  await expect(call).rejects.toThrow(MeshOptionError);
  await expect(call).rejects.toThrow(message);
});
