import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { buildCluster } from '../../../../src/check/model/cluster.ts';
import { defaultInputs } from '../../../../src/check/model/inputs.ts';
import type { Launcher } from '../../../../src/check/model/launcher.ts';
import { loadManifests } from '../../../../src/check/read/load.ts';

interface Start {
  readonly image?: string;
  readonly command?: readonly unknown[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' } };

function containerOf(container: object, data: Readonly<Record<string, string>> = {}) {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'shop' } };
  const objects = [
    { ...configMap, data },
    { ...pod, spec: { containers: [{ name: 'web', image: 'example/web:1', ...container }] } },
  ];
  const text = objects.map((object) => stringify(object)).join('---\n');
  const cluster = buildCluster(loadManifests([{ name: 'a', text }], 'default').objects, defaultInputs);
  const found = cluster.workloads[0]?.template.containers[0];
  if (found === undefined) throw new Error('no container');
  return found;
}

const withEnv = ({ env = {}, ...rest }: Start) => ({
  ...rest,
  env: Object.entries(env).map(([name, value]) => ({ name, value })),
});
const launcherOf = (start: Start) => containerOf(withEnv(start)).launcher;

const shim = (waits: boolean, quits: boolean): Launcher => ({ tool: 'mesh-shim', waits, quits });
const scuttle = (waits: boolean, quits: boolean): Launcher => ({ tool: 'scuttle', waits, quits });
const script = (waits: boolean, quits: boolean): Launcher => ({ tool: 'script', waits, quits });
const command = (...words: string[]): Start => ({ command: words });
const sh = (text: string): Start => command('sh', '-c', text);

describe('who starts a container', () => {
  it.each<[string, Start]>([
    ['in an absolute path', command('/mesh-shim', '--', '/app')],
    ['in another folder', command('/usr/local/bin/mesh-shim', '--', '/app')],
    ['by name', command('mesh-shim', '--', '/app')],
    ['as command and arguments', { command: ['/mesh-shim'], args: ['--', '/app'] }],
    ['as arguments of an unknown entrypoint', { args: ['/mesh-shim', '--', '/app'] }],
    ['as the Node bundle', command('node', '/x/mesh-shim.cjs', '--', 'node', 'server.js')],
    [
      'as the Node bundle, with options of Node',
      command('node', '-r', './a.js', '--no-warnings', '/x/mesh-shim.cjs', '--', '/app'),
    ],
    ['as the Node bundle by itself', command('/x/mesh-shim.cjs', '--', '/app')],
    ['in node_modules', command('node', 'node_modules/mesh-shim/dist/cli.mjs', '--', '/app')],
    ['by npx', command('npx', '--yes', 'mesh-shim', '--', '/app')],
    ['by npx, of a version', command('npx', 'mesh-shim@0.1', '--', '/app')],
    ['by npm exec', command('npm', 'exec', 'mesh-shim', '--', '/app')],
    ['behind an init', command('/sbin/tini', '-g', '--', '/mesh-shim', '--', '/app')],
    ['behind a change of user', command('gosu', 'app', '/mesh-shim', '--', '/app')],
    ['behind a wrapper that nobody knows', command('vault-env', '--log', 'x', '--', '/mesh-shim', '--', '/app')],
    ['behind variables', command('env', 'A=b', '/mesh-shim', '--', '/app')],
    ['in a shell', sh('exec /mesh-shim -- app')],
    ['in a shell with options', command('/bin/bash', '-euo', 'pipefail', '-c', 'mesh-shim -- app')],
    ['in a shell of busybox', command('busybox', 'sh', '-ec', 'mesh-shim -- app')],
    ['in a script, behind other commands', sh('set -e; cd /app && if [ -f x ]; then exec "/mesh-shim" -- app; fi')],
    ['in the arguments of a script', command('sh', '-c', 'exec "$@"', '--', '/mesh-shim', '--', '/app')],
    ['in the image of mesh-shim, by its short name', { image: 'mesh-shim', args: ['--', '/app'] }],
    ['in the image of mesh-shim, by digest', { image: 'example/mesh-shim@sha256:0', args: ['--', '/app'] }],
    [
      'that has another entrypoint in its image',
      { image: 'mesh-shim:1', command: ['mesh-shim'], args: ['--', '/app'] },
    ],
    ['in a shell with a long option', command('bash', '--norc', '-c', 'mesh-shim -- app')],
    ['in the image of mesh-shim', { image: 'registry.example.com/mesh-shim:0.1.0', args: ['--', '/app'] }],
    ['with a reference to a variable', { command: ['$(SHIM)', '--', '/app'], env: { SHIM: '/mesh-shim' } }],
  ])('mesh-shim %s', (_, start) => {
    expect(launcherOf(start)).toEqual(shim(true, false));
  });

  it.each<[string, Start]>([
    ['whose image decides', {}],
    ['whose image decides, with arguments', { args: ['--', '/app'] }],
    ['with the name in an argument', command('/app/run', '--exporter=mesh-shim-metrics')],
    ['with the name as an argument', command('/app/run', '--name', 'mesh-shim', 'scuttle')],
    ['with the name in its own', command('/app/mesh-shim-metrics', '--', '/app')],
    ['with the name in its path', command('/mesh-shim/app')],
    ['with the name in a variable', { command: ['/app'], env: { PROXY: 'mesh-shim' } }],
    ['with a name that ends so', command('/app/my-mesh-shim.cjs', '--', '/app')],
    ['with a name that goes on', command('/app/mesh-shim.cjs.map', '--', '/app')],
    ['with the name behind a dash of its own', command('/app', 'mesh-shim', '--', '/app')],
    ['in a shell without a script', command('sh', '/start.sh', 'mesh-shim', '--', '/app')],
    ['in a shell with an option that has a c', command('bash', '--rcfile', '/mesh-shim', 'mesh-shim')],
    ['in a shell that checks the syntax', command('sh', '-n', '/mesh-shim')],
    [
      'with the image of mesh-shim and another program',
      { image: 'mesh-shim:1', command: ['/app'], args: ['--', '/b'] },
    ],
    ['with the preload of a longer name', { env: { NODE_OPTIONS: '--import=/mesh-shim/register.mjs.map' } }],
    ['with the name in its image', { image: 'example/mesh-shim-demo', args: ['--', '/app'] }],
    ['with the name in quotes of a script', sh('echo "mesh-shim -- app"; exec app')],
    ['with the name in a comment of a script', sh('# mesh-shim -- app\nexec app # mesh-shim')],
    ['with the name in a file that a script writes', sh('app > /tmp/mesh-shim 2>&1')],
    ['with the preload of another package', { env: { NODE_OPTIONS: '--import ts-node/register.mjs' } }],
    ['that asks mesh-shim for its version', command('/mesh-shim', '--version')],
    ['that asks for its health', command('/mesh-shim', 'probe')],
    ['that lists nothing', { command: [] }],
  ])('nobody starts a container %s', (_, start) => {
    expect(launcherOf(start)).toBeUndefined();
  });

  it.each<[Start, Launcher]>([
    [command('/mesh-shim', '--quit', 'always', '--', '/app'), shim(true, true)],
    [command('/mesh-shim', '--quit=on-success', '--', '/app'), shim(true, true)],
    [command('/mesh-shim', '--quit=never', '--', '/app'), shim(true, false)],
    [command('/mesh-shim', '--', '/app', '--quit', 'always'), shim(true, false)],
    [{ command: ['/mesh-shim', '--', '/app'], env: { MESH_SHIM_QUIT: 'always' } }, shim(true, true)],
    [
      { command: ['/mesh-shim', '--quit', 'never', '--', '/app'], env: { MESH_SHIM_QUIT: 'always' } },
      shim(true, false),
    ],
    [{ command: ['/mesh-shim', '--quit', '$(WHEN)', '--', '/app'], env: { WHEN: 'always' } }, shim(true, true)],
    [command('/mesh-shim', '--quit', '$(WHEN)', '--', '/app'), shim(true, true)],
    [
      { command: ['/mesh-shim', '--quit=always', '--', '/app'], env: { MESH_SHIM_DISABLED: 'for now' } },
      shim(false, false),
    ],
    [command('/mesh-shim', '--quit=always', '--mesh', 'none', '--', '/app'), shim(false, false)],
    [
      command('/mesh-shim', '--quit=always', '--mesh=none', '--quit-url=http://localhost:1/q', '--', '/app'),
      shim(false, true),
    ],
    [command('/mesh-shim', '--timeout=1ms', '--on-timeout', 'start', '--', '/app'), shim(false, false)],
    [command('/mesh-shim', '--timeout=299ms', '--mode', 'optional', '--', '/app'), shim(false, false)],
    [command('/mesh-shim', '--timeout=300ms', '--mode', 'optional', '--', '/app'), shim(true, false)],
    [command('/mesh-shim', '--timeout=0', '--on-timeout', 'start', '--', '/app'), shim(true, false)],
    [command('/mesh-shim', '--timeout=1ms', '--', '/app'), shim(true, false)],
    [{ command: ['/mesh-shim', '--', '/app'], env: { ENVOY_ADMIN_API: 'http://localhost:15000' } }, shim(true, true)],
    [sh('MESH_SHIM_QUIT=always exec mesh-shim -- app'), shim(true, true)],
    [sh('export MESH_SHIM_QUIT=always\nexec mesh-shim -- app'), shim(true, true)],
    [sh('mesh-shim wait && exec app'), shim(true, false)],
    [sh('mesh-shim wait && app; mesh-shim quit'), shim(true, true)],
    [sh('app; mesh-shim quit --mesh none'), shim(false, false)],
    [command('/mesh-shim', 'wait'), shim(true, false)],
  ])('%j: %j', (start, expected) => {
    expect(launcherOf(start)).toEqual(expected);
  });

  it.each<[Start, Launcher | undefined]>([
    [{ env: { NODE_OPTIONS: '--import mesh-shim/register' } }, shim(true, false)],
    [{ env: { NODE_OPTIONS: '--max-old-space-size=256 --import=/mesh-shim/register.mjs' } }, shim(true, false)],
    [{ env: { NODE_OPTIONS: '--import=file:///opt/mesh-shim/dist/register.mjs' } }, shim(true, false)],
    [{ env: { NODE_OPTIONS: '--import=mesh-shim/register', MESH_SHIM_QUIT: 'always' } }, shim(true, false)],
    [{ env: { NODE_OPTIONS: '--import=mesh-shim/register', MESH_SHIM_DISABLED: 'no mesh' } }, shim(false, false)],
    [command('node', '--import', 'mesh-shim/register', 'server.js'), shim(true, false)],
    [command('node', '--import=mesh-shim/register', 'server.js'), shim(true, false)],
    [command('java', '--import', 'mesh-shim/register'), undefined],
    [{ env: { NODE_OPTIONS: '--require mesh-shim/register' } }, undefined],
  ])('the preload: %j: %j', (start, expected) => {
    expect(launcherOf(start)).toEqual(expected);
  });

  it.each<[Start, Launcher | undefined]>([
    [command('scuttle', '/app'), scuttle(false, false)],
    [{ command: ['scuttle', '/app'], env: { ENVOY_ADMIN_API: ' ' } }, scuttle(false, false)],
    [{ command: ['scuttle', '/app'], env: { ENVOY_ADMIN_API: 'http://127.0.0.1:15000' } }, scuttle(true, true)],
    [{ command: ['scuttle', '/app'], env: { ENVOY_ADMIN_API: 'http://envoy:15000' } }, scuttle(true, false)],
    [
      { command: ['scuttle', '/app'], env: { ENVOY_ADMIN_API: 'http://localhost:1', NEVER_KILL_ISTIO: '1' } },
      scuttle(true, false),
    ],
    [
      { command: ['scuttle', '/app'], env: { ENVOY_ADMIN_API: 'http://localhost:1', START_WITHOUT_ENVOY: 'true' } },
      scuttle(false, true),
    ],
    [
      { command: ['scuttle', '/app'], env: { MESH_SHIM_QUIT: 'always', ISTIO_QUIT_API: 'http://localhost:1' } },
      scuttle(false, false),
    ],
    [
      { command: ['scuttle', '/app'], env: { ENVOY_ADMIN_API: 'http://localhost:1', MESH_SHIM_QUIT: 'never' } },
      scuttle(true, true),
    ],
    [command('linkerd-await', '--shutdown', '--', '/app'), { tool: 'linkerd-await', waits: true, quits: false }],
    [
      { command: ['linkerd-await', '/app'], env: { LINKERD_AWAIT_DISABLED: 'x' } },
      { tool: 'linkerd-await', waits: false, quits: false },
    ],
    [
      { command: ['linkerd-await', '/app'], env: { LINKERD_DISABLED: ' ' } },
      { tool: 'linkerd-await', waits: true, quits: false },
    ],
    [sh('pilot-agent wait && exec app'), { tool: 'pilot-agent', waits: true, quits: false }],
    [sh('app; pilot-agent request POST quitquitquit'), { tool: 'pilot-agent', waits: false, quits: true }],
    [sh('until curl -fs http://localhost:15021/healthz/ready; do sleep 1; done; exec app'), script(true, false)],
    [sh('app; code=$?; curl -X POST http://localhost:15020/quitquitquit; exit $code'), script(false, true)],
    [
      command('python', '-c', 'import requests; requests.post("http://localhost:15020/quitquitquit")'),
      script(false, true),
    ],
    [sh('curl http://localhost:9000/healthz/ready; exec app'), undefined],
  ])('other tools: %j: %j', (start, expected) => {
    expect(launcherOf(start)).toEqual(expected);
  });

  it.each<[Start, string]>([
    [command('/mesh-shim', 'web'), 'unexpected "web"'],
    [command('/mesh-shim', '--quit', '--', '/app'), '--quit needs a value'],
    [command('/mesh-shim', '--quit=sometimes', '--', '/app'), 'bad value "sometimes"'],
    [{ command: ['/mesh-shim', '--', '/app'], env: { MESH_SHIM_QIUT: 'always' } }, 'did you mean MESH_SHIM_QUIT'],
    [{ env: { NODE_OPTIONS: '--import=mesh-shim/register', MESH_SHIM_MODE: 'x' } }, 'bad value "x"'],
    [sh('true; mesh-shim --qiut always -- app'), 'unknown option --qiut'],
  ])('says why mesh-shim refuses %j', (start, words) => {
    expect(launcherOf(start)).toEqual({ ...shim(true, false), refused: expect.stringContaining(words) });
  });
});

describe('the variables of a container', () => {
  const quit = { command: ['/mesh-shim', '--', '/app'] };
  const quitsWith = (container: object, data: Readonly<Record<string, string>>) =>
    containerOf({ ...quit, ...container }, data).launcher?.quits;
  const envFrom = (source: object) => ({ envFrom: [source] });

  it('come from ConfigMaps, too', () => {
    const ref = { configMapRef: { name: 'settings' } };
    expect(quitsWith(envFrom(ref), { MESH_SHIM_QUIT: 'always' })).toBe(true);
    expect(quitsWith(envFrom({ ...ref, prefix: 'MESH_SHIM_' }), { QUIT: 'always' })).toBe(true);
    expect(quitsWith(envFrom({ ...ref, prefix: 'X' }), { MESH_SHIM_QUIT: 'always' })).toBe(false);
    expect(quitsWith(envFrom({ configMapRef: { name: 'other' } }), { MESH_SHIM_QUIT: 'always' })).toBe(false);
    expect(quitsWith(envFrom({ secretRef: { name: 'settings' } }), { MESH_SHIM_QUIT: 'always' })).toBe(false);
    const valueFrom = (reference: object) => ({ env: [{ name: 'MESH_SHIM_QUIT', valueFrom: reference }] });
    const keyRef = (name: string, key: string) => valueFrom({ configMapKeyRef: { name, key } });
    expect(quitsWith(keyRef('settings', 'when'), { when: 'always' })).toBe(true);
    expect(quitsWith(keyRef('settings', 'constructor'), { when: 'always' })).toBe(false);
    expect(quitsWith(keyRef('other', 'when'), { when: 'always' })).toBe(false);
  });

  it('are set in order: env wins over envFrom, and one may name those before it', () => {
    const always = { name: 'MESH_SHIM_QUIT', value: 'always' };
    const from = envFrom({ configMapRef: { name: 'settings' } });
    expect(quitsWith({ ...from, env: [always] }, { MESH_SHIM_QUIT: 'never' })).toBe(true);
    const fromSecret = { name: 'MESH_SHIM_QUIT', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } };
    expect(quitsWith({ env: [always, fromSecret] }, {})).toBe(false);
    const named = [
      { name: 'WHEN', value: 'always' },
      { name: 'MESH_SHIM_QUIT', value: '$(WHEN)' },
    ];
    expect(quitsWith({ env: named }, {})).toBe(true);
    expect(containerOf({ ...quit, env: named.toReversed() }).launcher?.refused).toContain('"$(WHEN)"');
    const escaped = [
      { name: 'WHEN', value: 'x' },
      { name: 'MESH_SHIM_QUIT', value: '$$(WHEN)' },
    ];
    expect(containerOf({ ...quit, env: escaped }).launcher?.refused).toContain('"$(WHEN)"');
  });
});

it.each<[boolean, Start]>([
  [true, command('/bin/cp', '-n', '/usr/bin/tool', '/shared/tool')],
  [true, command('/mesh-shim', 'install', '/target')],
  [true, { image: 'registry.example.com/mesh-shim:0.1.0', args: ['install', '/target'] }],
  [true, sh('mkdir -p /data && chown -R 1000:1000 /data; [ -f /data/x ] || touch /data/x')],
  [false, {}],
  [false, { args: ['--to', '/target'] }],
  [false, command('/app/migrate', 'cp')],
  [false, sh('cp a b && curl http://web')],
  [false, sh('echo "$(curl http://web)"')],
  [false, sh('echo `curl http://web`')],
  [false, sh('cp a b "$(curl http://web)"')],
  [false, command('/app/other', 'install', '/target')],
  [false, command('/mesh-shim', '--', '/app')],
  [false, command('/mesh-shim', 'wait')],
])('calls nobody: %s for %j', (expected, start) => {
  expect(containerOf(withEnv(start)).calls.level === 'none').toBe(expected);
});

it('the -c of a shell stands among its own options, with their values, and not behind the file of a script', () => {
  expect(launcherOf(command('bash', '-ceuo', 'pipefail', 'exec mesh-shim -- node a.js'))).toEqual(shim(true, false));
  expect(launcherOf(command('bash', '+o', 'history', '-c', 'exec mesh-shim -- node a.js'))).toEqual(shim(true, false));
  expect(launcherOf(command('sh', '/start.sh', '-c', 'exec mesh-shim -- node a.js'))).toBeUndefined();
});
