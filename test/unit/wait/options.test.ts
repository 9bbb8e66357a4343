import { describe, expect, test } from 'vitest';
import { MeshOptionError, type WaitForMeshOptions, waitForMesh, waitOptionTable } from '../../../src/index.ts';
import { meshVariables } from '../../../src/mesh/profiles/profiles.ts';
import { readOptions } from '../../../src/wait/options.ts';

const read = (options: object, env: Record<string, string> = {}) => readOptions(options, env);

test('the defaults make the plan', () => {
  expect(read({}).createPlan()).toMatchObject({
    sidecars: [{ subject: 'sidecar' }],
    others: [],
    mode: 'auto',
    timeoutMs: 60_000,
    probeTimeoutMs: 5_000,
    intervalMs: 10,
  });
});

test('undefined means the default', () => {
  const nothing = Object.fromEntries(waitOptionTable.map(({ name }) => [name, undefined]));
  expect(read(nothing).key).toBe(read({}).key);
});

test.each<[WaitForMeshOptions, string[]]>([
  [{ mesh: 'linkerd' }, ['Linkerd sidecar']],
  [{ mesh: ['istio', 'dapr'] }, ['Istio sidecar', 'Dapr sidecar']],
  [{ mesh: 'none' }, []],
  [{ mesh: [] }, []],
])('%o: %j', (options, subjects) => {
  expect(
    read(options)
      .createPlan()
      .sidecars.map(({ subject }) => subject),
  ).toEqual(subjects);
});

test('what is waited for besides', () => {
  const waitFor = ['tcp://db:5432', 'http://a/ready', 'unix:/run/x'];
  expect(
    read({ waitFor })
      .createPlan()
      .others.map(({ subject }) => subject),
  ).toEqual(waitFor);
});

describe('who shares a wait', () => {
  const changes: [string, object][] = [
    ['timeoutMs', { timeoutMs: 1 }],
    ['mode', { mode: 'required' }],
    ['mesh', { mesh: 'dapr' }],
    ['adminUrl', { adminUrl: 'http://localhost:1' }],
    ['readyUrl', { readyUrl: 'http://localhost:1' }],
    ['proof', { proof: 'live' }],
    ['waitFor', { waitFor: 'tcp://a:1' }],
    ['probeTimeoutMs', { probeTimeoutMs: 1 }],
    ['intervalMs', { intervalMs: 1 }],
  ];
  test.each(changes)('not who differs in %s', (_, change) => expect(read(change).key).not.toBe(read({}).key));

  test('nor who is elsewhere', () =>
    expect(read({}, { KUBERNETES_SERVICE_HOST: '10.0.0.1' }).key).not.toBe(read({}).key));

  test('who only listens differently', () => {
    const listening = { signal: new AbortController().signal, onProgress: () => {} };
    expect(read(listening).key).toBe(read({}).key);
  });
});

describe('refuses at once', () => {
  const wrong: [object, RegExp][] = [
    [{ timeout: 5 }, /there is no option "timeout"; did you mean "timeoutMs"\? The options are timeoutMs, /],
    [{ timeoutMs: -1 }, /timeoutMs must be a number of milliseconds from 0 to 2147483647 \(24 days\), got -1/],
    [{ timeoutMs: '60s' }, /timeoutMs must be .*, got the string "60s"/],
    [{ timeoutMs: Number.POSITIVE_INFINITY }, /timeoutMs must be .*, got Infinity/],
    [{ probeTimeoutMs: Number.NaN }, /probeTimeoutMs must be .*, got NaN/],
    [{ intervalMs: 0 }, /intervalMs must be a number of milliseconds from 1 to .*, got 0/],
    [{ mode: 'Auto' }, /mode must be 'auto', 'required' or 'optional', got the string "Auto"; did you mean "auto"\?/],
    [{ mesh: 'isto' }, /mesh must be 'auto', 'none', a mesh or .*, got the string "isto"; did you mean "istio"\?/],
    [{ mesh: 7 }, /mesh must be .*, got 7/],
    [{ mesh: ['none', 'istio'] }, /mesh\[0\] must be a mesh: .*, got the string "none"/],
    [{ adminUrl: 'https://localhost' }, /adminUrl must be .*, got .*https is not supported/],
    [{ adminUrl: '' }, /adminUrl must be .*, got the string ""$/],
    [
      { adminUrl: 15_000 },
      /adminUrl must be an address: http:\/\/HOST:PORT or unix:PATH, or an object of addresses by mesh, got 15000/,
    ],
    [{ readyUrl: 'localhost:1' }, /readyUrl must be /],
    [{ waitFor: ['tcp://a:1', 'db:1'] }, /waitFor\[1\] must be an address: .*, got db:1/],
    [{ waitFor: 5432 }, /waitFor must be an address or a list of addresses: .*postgres:\/\/HOST.*, got 5432/],
    [{ signal: {} }, /signal must be an AbortSignal, got an object/],
    [{ onProgress: true }, /onProgress must be a function, got true/],
    [{ env: { MESH_SHIM_DISABLED: 'false' } }, /MESH_SHIM_DISABLED=false: takes the reason/],
    [{ env: { KUBERNETES_SERVICE_HOST: 1 } }, /env\.KUBERNETES_SERVICE_HOST must be a string or undefined, got 1/],
  ];
  test.each(wrong)('%o', async (options, message) => {
    const error = await waitForMesh(options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MeshOptionError);
    expect(error).toMatchObject({ code: 'MESH_OPTION', message: expect.stringMatching(message) });
  });
});

test('only what the docs name is read, and only at the call', () => {
  const asked = new Set<string | symbol>();
  const env = new Proxy<Record<string, string>>({}, { get: (_, name) => void asked.add(name) });
  readOptions({}, env);
  expect(asked).toEqual(new Set(['KUBERNETES_SERVICE_HOST', 'MESH_SHIM_DISABLED', ...meshVariables]));
});
