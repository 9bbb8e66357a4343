import { afterAll, describe, expect, it, vi } from 'vitest';
import { signalNamed } from '../../../shim/signals.ts';
import { createMemoryHost, type MemoryHost, type MemoryHostOptions } from '../../helpers/memory-host.ts';
import { serveSidecar } from '../../helpers/memory-network.ts';

vi.stubGlobal('MESH_SHIM_VERSION', '1.2.3');
afterAll(() => void vi.unstubAllGlobals());
const { main } = await import('../../../shim/main.ts');

const quietMs = 500;

/** Beside a plain Envoy, as nobody has told it: only the wait knows that there is no agent of Istio's. */
function begin(options: MemoryHostOptions & { readonly args: readonly string[] }) {
  const host = createMemoryHost({ canRest: true, ...options, args: ['--log-format=text', ...options.args, 'app'] });
  serveSidecar(host.transport, 'envoy', 'LIVE');
  const code = main(host);
  return { host, code };
}

/** What is left of such a run once it rests. */
async function memoOf(args: readonly string[], before: (host: MemoryHost) => void = () => {}): Promise<string> {
  const { host } = begin({ args });
  await host.clock.advance(0);
  before(host);
  await host.clock.advance(quietMs);
  expect(host.memos).toHaveLength(1);
  return host.memos[0] as string;
}

const quits = (host: MemoryHost): string[] => host.transport.requests.filter((request) => request.includes(' POST '));

describe('going to rest', () => {
  it('after half a second without a signal, with nothing under way', async () => {
    const { host } = begin({ args: ['--supervise', '--'] });
    await host.clock.advance(quietMs - 1);
    host.raise('SIGUSR1');
    await host.clock.advance(quietMs - 1);
    expect(host.memos).toEqual([]);
    await host.clock.advance(1);
    expect(host.memos).toHaveLength(1);
    expect(host.clock.pending()).toBe(0);
    expect(host.transport.open()).toBe(0);
  });

  it('not where the machine cannot', async () => {
    const { host } = begin({ canRest: false, args: ['--supervise', '--'] });
    await host.clock.advance(quietMs);
    expect(host.clock.pending()).toBe(0);
  });

  it('not once the app has ended, whatever comes then', async () => {
    const { host, code } = begin({ leavesGroup: 'SIGKILL', args: ['--group-grace=2s', '--'] });
    await host.clock.advance(0);
    host.children[0]?.end({ code: 5 });
    await host.clock.advance(0);
    host.raise('SIGUSR1');
    await host.clock.advance(2_000);
    expect(await code).toBe(5);
    expect(host.memos).toEqual([]);
    expect(host.clock.pending()).toBe(0);
  });
});

describe('after a rest', () => {
  it('signals are handed on, and it rests again', async () => {
    const args = ['--supervise', '--'];
    const rested = await memoOf(args);
    const { host } = begin({ rested, args });
    host.raise('SIGHUP');
    await host.clock.advance(quietMs);
    expect(host.children.map(({ sent }) => sent)).toEqual([['SIGHUP']]);
    expect(host.memos).toEqual([rested]);
    expect(host.calls).toEqual(['listen']);
  });

  it.each([
    ['in a group of its own', false, ['SIGINT']],
    ['in that of the terminal', true, []],
  ])("an app %s: a terminal's signal reaches it once", async (_, isTerminal, sent) => {
    const args = ['--supervise', '--'];
    const first = begin({ isTerminal, args });
    await first.host.clock.advance(quietMs);
    // The terminal may have gone meanwhile: what counts is how the app was started.
    const { host } = begin({ rested: first.host.memos[0] as string, args });
    host.raise('SIGINT', true);
    expect(host.children[0]?.sent).toEqual(sent);
  });

  it("the app's end has its code, and the sidecar that the wait has found is told", async () => {
    const args = ['--quit=always', '--'];
    const { host, code } = begin({ rested: await memoOf(args), args });
    host.transport.serve('127.0.0.1:15020', () => 200);
    host.children[0]?.end({ signal: signalNamed('SIGKILL') });
    await host.clock.advance(0);
    expect(await code).toBe(137);
    expect(quits(host)).toEqual(['127.0.0.1:15000 POST /quitquitquit']);
  });

  it.each([
    ['gets SIGTERM', () => {}, ['SIGTERM to the group']],
    ['gets no second SIGTERM', (host: MemoryHost) => host.raise('SIGTERM'), ['SIGKILL to the group']],
  ])('what is left of the group %s', async (_, before, sent) => {
    const args = ['--group-grace=2s', '--'];
    const { host, code } = begin({ rested: await memoOf(args, before), leavesGroup: 'SIGKILL', args });
    host.children[0]?.end({ code: 5 });
    await host.clock.advance(2_000);
    expect(await code).toBe(5);
    expect(host.children[0]?.sent.slice(0, sent.length)).toEqual(sent);
  });

  it('nothing is said twice', async () => {
    const env = { MESH_SHIM_ODD_THING: '1', MESH_SHIM_DISABLED: 'true', START_WITHOUT_ENVOY: 'true' };
    const args = ['--supervise', '--'];
    const first = begin({ env, args });
    await first.host.clock.advance(quietMs);
    expect(first.host.stderr()).toMatch(/ODD_THING is not known/);
    expect(first.host.stderr()).toContain('switched off');
    const { host, code } = begin({ rested: first.host.memos[0] as string, env, args });
    host.children[0]?.end({ code: 0 });
    expect(await code).toBe(0);
    expect(host.stderr()).toBe('');
  });
});
