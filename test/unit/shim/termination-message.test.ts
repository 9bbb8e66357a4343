import { afterAll, describe, expect, it, vi } from 'vitest';
import { createMemoryHost, type MemoryHostOptions } from '../../helpers/memory-host.ts';

vi.stubGlobal('MESH_SHIM_VERSION', '1.2.3');
afterAll(() => void vi.unstubAllGlobals());
const { main } = await import('../../../shim/main.ts');

const path = '/dev/termination-log';
const inContainer = { [path]: '' };

async function end(args: readonly string[], options: MemoryHostOptions = {}) {
  const host = createMemoryHost({ files: inContainer, ...options, args });
  const code = main(host);
  await host.clock.advance(1_000);
  return { code: await code, disk: host.disk, message: host.disk.get(path)?.bytes };
}

describe('what kubectl describe shows when the app has not started', () => {
  it.each<[string, number, string, readonly string[], MemoryHostOptions]>([
    ['a wrong option', 64, 'mesh-shim: unknown option --tiemout; did you mean --timeout?', ['--tiemout=1s'], {}],
    ['a wrong variable', 64, 'mesh-shim: MESH_SHIM_TIMEOUT: bad', ['--', 'app'], { env: { MESH_SHIM_TIMEOUT: '5' } }],
    ['a wait that ran out', 69, 'mesh-shim: sidecar not ready', ['--mode=required', '--timeout=1s', '--', 'app'], {}],
    ['the wait alone', 69, 'mesh-shim: sidecar not ready', ['wait', '--mode=required', '--timeout=1s'], {}],
    ['no such program', 127, 'mesh-shim: cannot start "nil": not found in PATH', ['--mesh=none', '--', 'nil'], {}],
    [
      'a program that is refused',
      126,
      'mesh-shim: cannot start "app": it is open for writing (ETXTBSY)',
      ['--mesh=none', '--', 'app'],
      { exec: { kind: 'failure', reason: 'not-executable', code: 'ETXTBSY' } },
    ],
  ])('%s', async (_, code, begin, args, options) => {
    const ended = await end(args, options);
    expect(ended.code).toBe(code);
    expect(ended.message).toContain(begin);
    expect(ended.message?.startsWith(begin)).toBe(true);
  });

  it('is there whatever the log has', async () => {
    const { message } = await end(['--mesh=none', '--log-level=silent', '--', 'nil']);
    expect(message).toContain('not found in PATH');
  });

  it('is as long as Kubernetes reads, in whichever letters', async () => {
    const { message = '' } = await end([`--${'\u20ac'.repeat(5_000)}`]);
    expect(message).toContain('unknown option');
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4_096);
    expect(Buffer.byteLength(message)).toBeGreaterThan(4_000);
  });

  it.each([
    ['by flag', ['--termination-log=/run/why', '--mesh=none', '--', 'nil'], {}],
    ['by variable', ['--mesh=none', '--', 'nil'], { MESH_SHIM_TERMINATION_LOG: '/run/why' }],
    ['by variable, before the options can be read', ['--tiemout'], { MESH_SHIM_TERMINATION_LOG: '/run/why' }],
  ])('stands where the pod has it: %s', async (_, args, env) => {
    const { disk, message } = await end(args, { files: { ...inContainer, '/run/why': '' }, env });
    expect(disk.get('/run/why')?.bytes).toContain('mesh-shim: ');
    expect(message).toBe('');
  });
});

describe('is left alone', () => {
  it.each<[string, readonly string[]]>([
    ['by a probe, which does not end the container', ['probe', '--tiemout=1s']],
    ['by a look at the status', ['status', '--tiemout=1s']],
    ['where the app starts after a wait that ran out', ['--mode=required', '--timeout=1s', '--on-timeout=start']],
  ])('%s', async (_, args) => {
    const isRun = !args.includes('--tiemout=1s');
    const host = createMemoryHost({ files: inContainer, args: isRun ? [...args, '--', 'app'] : args });
    const code = main(host);
    code.catch(() => {});
    await host.clock.advance(1_000);
    if (isRun) await expect(host.replaced).rejects.toThrow('became /bin/app');
    expect(host.disk.get(path)?.bytes).toBe('');
  });

  it('outside a container: no file is made', async () => {
    const { code, disk } = await end(['--tiemout'], { files: {} });
    expect(code).toBe(64);
    expect([...disk.keys()]).toEqual([]);
  });
});
