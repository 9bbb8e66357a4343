import { afterAll, describe, expect, it, vi } from 'vitest';
import { createMemoryHost, type MemoryHostOptions } from '../../helpers/memory-host.ts';
import { byPath, serveSidecar } from '../../helpers/memory-network.ts';

// The build puts the version in.
vi.stubGlobal('MESH_SHIM_VERSION', '1.2.3');
afterAll(() => void vi.unstubAllGlobals());
const { main } = await import('../../../shim/main.ts');
const { helpText } = await import('../../../shim/help.ts');

const start = (args: readonly string[], options: MemoryHostOptions = {}) => {
  const host = createMemoryHost({ ...options, args });
  return { host, code: () => main(host) };
};

describe('what is printed', () => {
  it.each([
    ['--help', helpText()],
    ['--version', 'mesh-shim 1.2.3\n'],
  ])('%s', async (flag, text) => {
    const { host, code } = start([flag]);
    expect(await code()).toBe(0);
    expect(host.stdout()).toBe(text);
    expect(host.stderr()).toBe('');
    expect(host.calls).toEqual([]);
  });

  it('a mistake of the user on one line, with 64', async () => {
    const { host, code } = start(['--tiemout', '5s']);
    expect(await code()).toBe(64);
    expect(host.stderr()).toBe('mesh-shim: unknown option --tiemout; did you mean --timeout? (--help lists all)\n');
    expect(host.stdout()).toBe('');
  });

  it("a fault of the shim's own with all that helps to find it, with 70", async () => {
    const { host } = start([]);
    const args = new Proxy([], {
      get() {
        throw new TypeError('broken');
      },
    });
    expect(await main({ ...host, args })).toBe(70);
    expect(host.stderr()).toMatch(/^mesh-shim: internal error, please report it: broken\nTypeError: broken\n +at /);
  });

  it('and something thrown that is no error', async () => {
    const { host } = start([]);
    const args = new Proxy([], {
      get() {
        throw 'broken';
      },
    });
    expect(await main({ ...host, args })).toBe(70);
    expect(host.stderr()).toBe('mesh-shim: internal error, please report it: broken\n\n');
  });

  it("what was read out of another tool's variables", async () => {
    const env = { ENVOY_ADMIN_API: 'http://127.0.0.1:15000' };
    const { host, code } = start(['wait', '--log-format', 'text'], { env });
    serveSidecar(host.transport, 'envoy');
    expect(await code()).toBe(0);
    expect(host.stderr()).toMatch(
      /^mesh-shim: ENVOY_ADMIN_API=http:\/\/127\.0\.0\.1:15000 is read as --admin-url .*\n/,
    );
  });
});

describe('run', () => {
  it.each([['run'], []])('%s', async (...name) => {
    const { host, code } = start([...name, '--', 'app'], { exec: 'none' });
    serveSidecar(host.transport, 'envoy');
    const ended = code();
    await host.clock.advance(0);
    host.children[0]?.end({ code: 4 });
    expect(await ended).toBe(4);
  });

  it('switched off starts the app, and says why', async () => {
    const { host, code } = start(['--', 'app'], { exec: 'none', env: { MESH_SHIM_DISABLED: 'a laptop' } });
    const ended = code();
    await host.clock.advance(0);
    host.children[0]?.end({ code: 0 });
    expect(await ended).toBe(0);
    expect(host.transport.requests).toEqual([]);
    expect(host.stderr()).toContain('switched off: a laptop');
  });
});

describe('wait', () => {
  const wait = (state: string, ...flags: string[]) => {
    const { host, code } = start(['wait', '--log-format', 'text', ...flags]);
    serveSidecar(host.transport, 'istio', state);
    return { host, code };
  };

  it('is 0 once the sidecar is ready, and leaves nothing open', async () => {
    const { host, code } = wait('LIVE');
    expect(await code()).toBe(0);
    expect(host.stderr()).toBe(
      'mesh-shim: sidecar ready after 0 ms: LIVE, http://localhost:15021/healthz/ready says 200\n',
    );
    expect(host.transport.open()).toBe(0);
    expect(host.calls).toEqual(['listen']);
  });

  it.each([
    [[], 69],
    [['--on-timeout', 'start'], 0],
    [['--mode', 'optional'], 0],
  ])('is %j %i when it is not', async (flags, expected) => {
    const { host, code } = wait('INITIALIZING', '--timeout', '1s', ...flags);
    const ended = code();
    await host.clock.advance(1_000);
    expect(await ended).toBe(expected);
    expect(host.transport.open()).toBe(0);
  });

  it('ends by a signal at once', async () => {
    const { host, code } = wait('INITIALIZING');
    const ended = code();
    await host.clock.advance(100);
    host.raise('SIGUSR1');
    host.raise('SIGTSTP');
    expect(host.stops()).toBe(1);
    host.raise('SIGINT');
    await host.clock.advance(0);
    expect(await ended).toBe(130);
    expect(host.clock.pending()).toBe(0);
  });

  it('a signal that has come and has not been told yet counts', async () => {
    const { host, code } = wait('LIVE');
    host.raiseUnheard('SIGTERM');
    expect(await code()).toBe(143);
  });

  it('is 0 at once where it is switched off', async () => {
    const { host, code } = start(['wait'], { env: { MESH_SHIM_DISABLED: 'a laptop' } });
    expect(await code()).toBe(0);
    expect(host.transport.requests).toEqual([]);
    expect(host.stderr()).toContain('switched off: a laptop');
  });
});

describe('probe', () => {
  const probe = (status: number | 'hang', ...args: string[]) => {
    const { host, code } = start(['probe', ...args, '--log-level', 'silent']);
    host.transport.serve('127.0.0.1:9000', byPath({ '/readyz': status, '/other': 418 }));
    return { host, code };
  };

  it.each([
    [199, 1],
    [200, 0],
    [302, 0],
    [399, 0],
    [400, 1],
    [503, 1],
  ])('%i is exit code %i, whatever the log is set to', async (status, expected) => {
    const { host, code } = probe(status);
    // An interim reply is none.
    if (status === 199) host.transport.serve('127.0.0.1:9000', () => 'hang');
    const ended = code();
    await host.clock.advance(5_000);
    expect(await ended).toBe(expected);
    const said = status === 199 ? 'gave no usable answer: no answer within 5.0 s' : `says ${status}`;
    expect(host.stderr()).toBe(
      `mesh-shim: ${expected === 0 ? 'healthy' : 'unhealthy'}: http://localhost:9000/readyz ${said}\n`,
    );
    expect(host.transport.open()).toBe(0);
  });

  it('asks where it is told to', async () => {
    const { host, code } = probe(200, 'http://localhost:9000/other');
    expect(await code()).toBe(1);
    expect(host.transport.requests).toEqual(['127.0.0.1:9000 GET /other']);
  });

  it('has a limit of its own', async () => {
    const { host, code } = probe('hang', '--probe-timeout', '300ms');
    const ended = code();
    await host.clock.advance(300);
    expect(await ended).toBe(1);
    expect(host.stderr()).toContain('no answer within 300 ms');
  });

  it('refuses what is no address', async () => {
    const { host, code } = start(['probe', 'localhost/']);
    expect(await code()).toBe(64);
    expect(host.stderr()).toContain('mesh-shim: probe: localhost/: not an address of the form http://HOST:PORT/PATH');
  });

  it('refuses https where the machine cannot speak TLS', async () => {
    const { host, code } = start(['probe', 'https://localhost/']);
    expect(await code()).toBe(64);
    expect(host.stderr()).toContain('mesh-shim: probe: https://localhost/: the static executable speaks no TLS');
  });
});

describe('quit', () => {
  const agent = '127.0.0.1:15020 POST /quitquitquit';
  const quit = (answer: number, ...args: string[]) => {
    const { host, code } = start(['quit', '--log-format', 'text', ...args]);
    serveSidecar(host.transport, 'istio');
    host.transport.serve('127.0.0.1:15020', () => answer);
    return { host, code };
  };

  it('tells the agent, and is 0 when it has taken it', async () => {
    const { host, code } = quit(200);
    expect(await code()).toBe(0);
    expect(host.transport.requests).toEqual([agent]);
    expect(host.stderr()).toBe('mesh-shim: told the sidecar to quit: http://localhost:15020/quitquitquit says 200\n');
    expect(host.transport.open()).toBe(0);
  });

  it('is 1 when nobody takes it', async () => {
    const { host, code } = quit(403);
    expect(await code()).toBe(1);
    expect(host.stderr()).toBe(
      'mesh-shim: warn: the sidecar does not take the request to quit and stays: http://localhost:15020/quitquitquit says 403\n',
    );
  });

  it('is 1 when one of several does not take it', async () => {
    const urls = ['http://localhost:15020/a', 'http://localhost:15000/quitquitquit'];
    const { host, code } = quit(403, ...urls.flatMap((url) => ['--quit-url', url]));
    expect(await code()).toBe(1);
    expect(host.transport.requests).toHaveLength(2);
  });

  it('ends by a signal at once', async () => {
    const { host, code } = quit(503, '--quit-timeout', '0');
    const ended = code();
    await host.clock.advance(60_000);
    host.raise('SIGTERM');
    await host.clock.advance(0);
    expect(await ended).toBe(143);
  });

  it('refuses to tell nobody', async () => {
    const { host, code } = quit(200, '--mesh', 'none');
    expect(await code()).toBe(64);
    expect(host.stderr()).toContain('mesh-shim: quit: nobody to tell with --mesh none and no --quit-url');
    const named = quit(200, '--mesh', 'none', '--quit-url', 'http://localhost:15020/x');
    expect(await named.code()).toBe(0);
  });

  it('tells nobody where it is switched off', async () => {
    const { host, code } = start(['quit', '--log-format', 'text'], { env: { MESH_SHIM_DISABLED: 'a laptop' } });
    expect(await code()).toBe(0);
    expect(host.transport.requests).toEqual([]);
    expect(host.stderr()).toBe('mesh-shim: switched off: a laptop\n');
  });
});

describe('status', () => {
  it.each([
    [[], /^mesh: +envoy\nready: +yes: LIVE, workers started\n/],
    [['--json'], /^\{\n {2}"mesh": "envoy",\n/],
  ])('%j', async (flags, text) => {
    const { host, code } = start(['status', ...flags]);
    serveSidecar(host.transport, 'envoy');
    expect(await code()).toBe(0);
    expect(host.stdout()).toMatch(text);
    expect(host.stderr()).toBe('');
  });
});

describe('install', () => {
  const files = { '/opt/shim/mesh-shim': 'ELF', '/opt/shim/register.mjs': 'export {}' };

  it.each(['/target', '/target/'])('into %s: itself and the preload, with their modes', async (folder) => {
    const { host, code } = start(['install', folder], { files });
    expect(await code()).toBe(0);
    expect(host.disk.get('/target/mesh-shim')).toEqual({ bytes: 'ELF', mode: 0o555 });
    expect(host.disk.get('/target/register.mjs')).toEqual({ bytes: 'export {}', mode: 0o444 });
    expect(host.stderr()).toBe('mesh-shim: install: /target/mesh-shim\nmesh-shim: install: /target/register.mjs\n');
  });

  it('where the preload does not lie beside it, itself alone', async () => {
    const { host, code } = start(['install', '/target'], { files: { '/opt/shim/mesh-shim': 'ELF' } });
    expect(await code()).toBe(0);
    expect([...host.disk.keys()]).toEqual(['/opt/shim/mesh-shim', '/target/mesh-shim']);
  });

  it.each([
    ['/read-only', 'EROFS (mounted read-only)'],
    ['/odd', 'EODD'],
  ])('into %s: 1, and why', async (folder, why) => {
    const { host, code } = start(['install', folder], { files });
    expect(await code()).toBe(1);
    expect(host.stderr()).toBe(`mesh-shim: install: ${folder}/mesh-shim not written: ${why}\n`);
  });

  it('is 1 where it cannot read itself', async () => {
    const { host, code } = start(['install', '/target']);
    expect(await code()).toBe(1);
    expect(host.stderr()).toBe('mesh-shim: install: /target/mesh-shim not written: cannot read /opt/shim/mesh-shim\n');
  });
});
