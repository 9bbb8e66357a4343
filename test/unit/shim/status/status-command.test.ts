import { describe, expect, it } from 'vitest';
import { statusCommand } from '../../../../shim/status/status-command.ts';
import { parseCommandLine } from '../../../../src/command-line/command-line.ts';
import { readSettings } from '../../../../src/command-line/settings.ts';
import { fixtureBytes } from '../../../helpers/fixtures.ts';
import { createMemoryHost, type MemoryHost } from '../../../helpers/memory-host.ts';
import { byPath, serveSidecar } from '../../../helpers/memory-network.ts';

/** Of this machine's clock, 75 s after the sidecar's start. */
const startedAt = '2026-03-01T09:28:45Z';

const info = {
  version: 'v/1.40.0',
  state: 'LIVE',
  uptime_current_epoch: '75s',
  // Where Istio's version stands: behind what the wait reads.
  node: { id: 'sidecar~x', metadata: { ENVOY_STATUS_PORT: 15_021, ISTIO_VERSION: '1.31.0' } },
};
const stats = [
  'cluster_manager.active_clusters: 3',
  'cluster_manager.cds.update_rejected: 0',
  'cluster_manager.cds.update_success: 1',
  'listener_manager.lds.update_rejected: 2',
  'listener_manager.lds.update_success: 4',
  'listener_manager.total_listeners_active: 5',
  'listener_manager.workers_started: 1',
  'control_plane.connected_state: 1',
];
const certs = {
  certificates: [{ cert_chain: [{ days_until_expiration: '0', expiration_time: '2026-03-02T08:30:00Z' }] }],
};

/** A sidecar of Istio that tells all. */
function serveFullSidecar(host: MemoryHost, more: object = {}): void {
  host.transport.serve(
    '127.0.0.1:15000',
    byPath({
      '/server_info': JSON.stringify({ ...info, ...more }),
      '/stats': `${stats.join('\n')}\n`,
      '/certs': JSON.stringify(certs),
    }),
  );
  host.transport.serve('127.0.0.1:15021', () => 200);
}

function status(...args: string[]) {
  return statusOn(createMemoryHost(), ...args);
}

function statusOn(host: MemoryHost, ...args: string[]) {
  const line = parseCommandLine(['status', ...args]);
  if (line.kind !== 'command') throw new Error(line.kind);
  const { settings } = readSettings(line.flags, host.env);
  return { host, code: () => statusCommand(host, settings, line.json) };
}

describe('as JSON', () => {
  it('all that a sidecar of Istio says of itself; /server_info is asked for once', async () => {
    const { host, code } = status('--json');
    serveFullSidecar(host);
    expect(await code()).toBe(0);
    expect(JSON.parse(host.stdout())).toEqual({
      mesh: 'istio',
      sidecar: 'present',
      ready: true,
      reason: 'LIVE, http://localhost:15021/healthz/ready says 200',
      state: 'LIVE',
      version: 'v/1.40.0',
      meshVersion: '1.31.0',
      nodeId: 'sidecar~x',
      startedAt,
      uptimeSeconds: 75,
      workersStarted: true,
      listeners: { active: 5, updates: 4, rejected: 2 },
      clusters: { active: 3, updates: 1, rejected: 0 },
      certificates: { count: 1, expiresAt: '2026-03-02T08:30:00Z' },
      controlPlane: true,
      findings: [{ finding: '2 updates of listeners rejected', cause: 'config-rejected' }],
    });
    expect(host.stdout()).toContain('\n  "ready": true');
    expect(host.transport.requests.filter((request) => request.endsWith('/server_info'))).toHaveLength(1);
    expect(host.transport.requests).toHaveLength(4);
    expect(host.transport.open()).toBe(0);
  });

  it('nothing of a sidecar that is not there', async () => {
    const { host, code } = status('--json');
    expect(await code()).toBe(1);
    expect(JSON.parse(host.stdout())).toEqual({
      mesh: 'unknown',
      sidecar: 'absent',
      ready: false,
      reason: 'nothing listens on http://localhost:15000 (IPv4 and IPv6)',
      state: null,
      version: null,
      meshVersion: null,
      nodeId: null,
      startedAt: null,
      uptimeSeconds: null,
      workersStarted: null,
      listeners: null,
      clusters: null,
      certificates: null,
      controlPlane: null,
      findings: [],
    });
  });

  it.each([
    ['with --mesh dapr', ['--mesh', 'dapr'], 'nothing listens on http://localhost:3500 (IPv4 and IPv6)'],
    [
      'whatever there is',
      [],
      'nothing listens on http://localhost:15000 (IPv4 and IPv6); this looks like Linkerd: --mesh linkerd asks that',
    ],
  ])("another mesh's is there, asked %s", async (_, flags, reason) => {
    const socket =
      '   0: 0100007F:105F 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1 0 100 0 0 10 0\n';
    const host = createMemoryHost({ files: { '/proc/net/tcp': socket } });
    host.transport.serve('127.0.0.1:4191', byPath({ '/ready': 'ready\n' }));
    expect(await statusOn(host, '--json', ...flags).code()).toBe(1);
    expect(JSON.parse(host.stdout())).toMatchObject({ sidecar: 'absent', reason });
  });

  it('an ambient pod has none, and needs none', async () => {
    const files = Object.fromEntries(
      ['tcp', 'tcp6'].map((name) => [`/proc/net/${name}`, fixtureBytes(`proc-net-tcp/ambient.${name}`)]),
    );
    const host = createMemoryHost({ files, env: { KUBERNETES_SERVICE_HOST: '10.96.0.1' } });
    expect(await statusOn(host, '--json').code()).toBe(0);
    expect(JSON.parse(host.stdout())).toMatchObject({
      mesh: 'istio',
      sidecar: 'ambient',
      ready: true,
      reason: 'an ambient pod: the node carries its traffic, there is no sidecar to wait for',
    });
  });

  it('a plain Envoy is called so; one that is not LIVE is not ready', async () => {
    const { host, code } = status('--json');
    serveSidecar(host.transport, 'envoy', 'INITIALIZING');
    expect(await code()).toBe(1);
    expect(JSON.parse(host.stdout())).toMatchObject({
      mesh: 'envoy',
      ready: false,
      reason: 'the sidecar is INITIALIZING',
      state: 'INITIALIZING',
      nodeId: 'front',
      uptimeSeconds: null,
      startedAt: null,
      workersStarted: false,
    });
  });

  it('several: a list, and all must be ready', async () => {
    const { host, code } = status('--json', '--mesh', 'istio,linkerd');
    serveFullSidecar(host);
    expect(await code()).toBe(1);
    const listed = JSON.parse(host.stdout());
    expect(listed.map(({ mesh, ready }: { mesh: string; ready: boolean }) => [mesh, ready])).toEqual([
      ['istio', true],
      ['linkerd', false],
    ]);
    host.transport.serve('127.0.0.1:4191', () => 200);
    expect(await code()).toBe(0);
    // It has no admin of which more could be asked.
    expect(host.transport.requests.filter((request) => request.includes(':4191'))).toEqual([
      '127.0.0.1:4191 GET /ready',
    ]);
  });

  it('of a document that is too long to be read as a whole, what the wait reads of it', async () => {
    const { host, code } = status('--json');
    serveFullSidecar(host, { labels: 'x'.repeat(300_000) });
    expect(await code()).toBe(0);
    expect(JSON.parse(host.stdout())).toMatchObject({
      ready: true,
      mesh: 'istio',
      state: 'LIVE',
      nodeId: 'sidecar~x',
      listeners: { active: 5 },
      meshVersion: null,
      uptimeSeconds: null,
    });
  });

  it('an admin that says something else tells nothing', async () => {
    const { host, code } = status('--json');
    host.transport.serve('127.0.0.1:15000', () => 'hello');
    expect(await code()).toBe(1);
    expect(JSON.parse(host.stdout())).toMatchObject({
      reason: 'http://localhost:15000/server_info says 200, but not what Envoy says there',
      state: null,
      workersStarted: null,
      certificates: null,
    });
    expect(host.transport.requests).toHaveLength(1);
  });

  it('an error of the admin tells nothing, whatever it says', async () => {
    const { host, code } = status('--json');
    host.transport.serve('127.0.0.1:15000', () => ({ status: 500, body: JSON.stringify(info) }));
    expect(await code()).toBe(1);
    expect(JSON.parse(host.stdout())).toMatchObject({
      reason: expect.stringMatching(/^http:\/\/localhost:15000\/server_info says 500/),
      mesh: 'unknown',
      state: null,
      uptimeSeconds: null,
    });
  });

  it('an answer that is no 200 tells nothing, whatever it says', async () => {
    const { host, code } = status('--json');
    serveFullSidecar(host);
    const answers = byPath({ '/server_info': JSON.stringify(info), '/stats': { status: 500, body: stats.join('\n') } });
    host.transport.serve('127.0.0.1:15000', answers);
    expect(await code()).toBe(0);
    expect(JSON.parse(host.stdout())).toMatchObject({ ready: true, listeners: null, workersStarted: null });
  });

  it('asks where it is told to, with the limit of one request', async () => {
    const { host, code } = status('--json', '--admin-url', 'http://10.0.0.1:9901', '--probe-timeout', '300ms');
    host.transport.serve('10.0.0.1:9901', () => 'hang');
    const ended = code();
    await host.clock.advance(300);
    expect(await ended).toBe(1);
    expect(JSON.parse(host.stdout()).reason).toBe(
      'http://10.0.0.1:9901/server_info gave no usable answer: no answer within 300 ms',
    );
    const named = status('--ready-url', 'http://localhost:9000/up');
    serveFullSidecar(named.host);
    expect(await named.code()).toBe(1);
    expect(named.host.stdout()).toContain('http://localhost:9000/up');
  });

  it('a signal ends it at once', async () => {
    const { host, code } = status('--json');
    host.transport.serve('127.0.0.1:15000', (request) =>
      request.includes('server_info') ? JSON.stringify(info) : 'hang',
    );
    host.transport.serve('127.0.0.1:15021', () => 'hang');
    const ended = code();
    await host.clock.advance(100);
    host.raise('SIGTERM');
    await host.clock.advance(0);
    expect(await ended).toBe(143);
    expect(host.clock.pending()).toBe(0);
  });
});

describe('for people', () => {
  it('a line for each thing', async () => {
    const { host, code } = status();
    serveFullSidecar(host);
    expect(await code()).toBe(0);
    expect(host.stdout()).toBe(
      [
        'mesh:          istio 1.31.0',
        'ready:         yes: LIVE, http://localhost:15021/healthz/ready says 200',
        'state:         LIVE',
        'version:       Envoy 1.40.0',
        'node:          sidecar~x',
        `since:         ${startedAt} (up for 75.0 s)`,
        'workers:       started',
        'listeners:     5 active, 4 updates received, 2 rejected: see the log of the sidecar',
        'clusters:      3 active, 1 update received',
        'control plane: connected',
        'certificates:  1 present, valid until 2026-03-02T08:30:00Z',
        'finding:       2 updates of listeners rejected; see npx mesh-shim explain config-rejected',
        '',
      ].join('\n'),
    );
  });

  it('of several, one after the other', async () => {
    const { host, code } = status('--mesh', 'linkerd,dapr');
    expect(await code()).toBe(1);
    expect(host.stdout()).toMatch(/^linkerd: no sidecar: nothing listens on \S+:4191 .*\n\ndapr: no sidecar: /);
  });

  it('of none, that none is looked for', async () => {
    const { host, code } = status('--mesh', 'none');
    expect(await code()).toBe(0);
    expect(host.stdout()).toBe('no sidecar is looked for (--mesh none)\n');
    const asJson = status('--mesh', 'none', '--json');
    expect(await asJson.code()).toBe(0);
    expect(asJson.host.stdout()).toBe('[]\n');
  });
});
