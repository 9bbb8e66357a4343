import { describe, expect, test } from 'vitest';
import { MeshOptionError, type WaitForMeshOptions, waitForMesh, waitForMeshDefaults } from '../../../src/index.ts';
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
  const nothing = Object.fromEntries(Object.keys(waitForMeshDefaults).map((name) => [name, undefined]));
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
    [{ timeout: 5 }, /timeout: no such option; there are timeoutMs, /],
    [{ timeoutMs: -1 }, /timeoutMs: is -1; use milliseconds from 0 up/],
    [{ timeoutMs: '60s' }, /timeoutMs: is '60s'/],
    [{ timeoutMs: Number.POSITIVE_INFINITY }, /timeoutMs: is Infinity/],
    [{ probeTimeoutMs: Number.NaN }, /probeTimeoutMs: is NaN/],
    [{ intervalMs: 0 }, /intervalMs: is 0; use milliseconds from 1 up/],
    [{ mode: 'Auto' }, /mode: is 'Auto'; use one of auto, required, optional/],
    [{ mesh: 'isto' }, /mesh: is 'isto'; use 'auto', 'none', or .*istio/],
    [{ mesh: 7 }, /mesh: is 7/],
    [{ mesh: ['none', 'istio'] }, /mesh: is none,istio/],
    [{ adminUrl: 'https://localhost' }, /adminUrl: .*https is not spoken/],
    [{ adminUrl: 15_000 }, /adminUrl: is 15000; use a text/],
    [{ readyUrl: 'localhost:1' }, /readyUrl: /],
    [{ waitFor: ['db:1'] }, /waitFor: db:1/],
    [{ waitFor: 5432 }, /waitFor: is 5432; use a text or a list of texts/],
    [{ signal: {} }, /signal: is no AbortSignal/],
    [{ onProgress: true }, /onProgress: is no function/],
    [{ env: { MESH_SHIM_DISABLED: 'false' } }, /MESH_SHIM_DISABLED=false: takes the reason/],
  ];
  test.each(wrong)('%o', async (options, message) => {
    const error = await waitForMesh(options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MeshOptionError);
    expect(error).toMatchObject({ code: 'MESH_OPTION', message: expect.stringMatching(message) });
  });
});

test('only two variables are read, and only at the call', () => {
  const asked = new Set<string | symbol>();
  const env = new Proxy<Record<string, string>>({}, { get: (_, name) => void asked.add(name) });
  readOptions({}, env);
  expect(asked).toEqual(new Set(['KUBERNETES_SERVICE_HOST', 'MESH_SHIM_DISABLED']));
});
