import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { checkManifests } from '../../../src/check/report/check-manifests.ts';
import { healthOptionTable } from '../../../src/health/index.ts';
import { templates } from '../../../src/tools/template/templates.ts';
import { runToolHere } from '../../helpers/run-tool.ts';

const template = (...args: string[]) => runToolHere('template', args);
const made = async (...args: string[]) => {
  const { code, stdout, stderr } = await template(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return parse(stdout);
};

const namespaced = [...templates].flatMap(([name, { ofCluster }]) => (ofCluster === undefined ? [name] : []));

it.each(namespaced)('%s is a manifest that the checker finds nothing in', async (name) => {
  const { code, stdout } = await template(name, '--namespace', 'shop', '--name', 'zk');
  expect(code).toBe(0);
  const documents = parseAllDocuments(stdout);
  expect(documents).toHaveLength(1);
  expect(documents[0]?.toJS()).toMatchObject({ metadata: { namespace: 'shop', name: 'zk' } });
  const { findings, objects, unread } = checkManifests([{ name: 'x.yaml', text: stdout }]);
  expect({ findings, objects, unread }).toEqual({ findings: [], objects: 1, unread: [] });
});

it.each([...templates].map(([name, { takes }]) => [name, takes] as const))(
  '%s has the defaults that help names',
  async (name, takes) => {
    const { stdout } = await runToolHere('template', ['--help']);
    const flat = stdout.replaceAll(/\s+/g, ' ');
    const named = Object.entries(takes).map(([flag, value]) => `--${flag} [${value}]`);
    expect(flat).toContain(`${templates.get(name)?.text}; ${named.join(', ')}`);
    const given = Object.entries(takes).map(([flag, value]) => `--${flag}=${flag === 'app' ? 'web' : value}`);
    const { ofCluster } = templates.get(name) ?? {};
    const own = ofCluster === undefined ? ['--name=web', '--namespace=default'] : [`--name=${ofCluster}`];
    expect(await template(name, ...given, ...own)).toEqual(await template(name));
  },
);

it('health-port opens the port of createHealthServer, and the checker lets its probes in', async () => {
  const port = healthOptionTable.find(({ name }) => name === 'port')?.default as number;
  const { stdout } = await template('health-port', '--name', 'shop', '--namespace', 'shop');
  expect(parse(stdout).spec.portLevelMtls).toEqual({ [port]: { mode: 'PERMISSIVE' } });
  // A Service, a Deployment whose probes the injector leaves alone, and the example's own policy.
  const app = readFileSync('examples/health-port/port-level-mtls.yaml', 'utf8').split('---\n').slice(0, 2);
  const findings = (policy: string) =>
    checkManifests([{ name: 'x.yaml', text: [...app, policy].join('---\n') }]).findings;
  expect(findings(stdout)).toEqual([]);
  expect(findings(stdout.replace(`"${port}":`, `"${port + 1}":`)).map(({ rule }) => rule)).toContain('probe-mtls');
});

describe('what is given stands in the manifest', () => {
  it('health-port', async () => {
    const { metadata, spec } = await made('health-port', '--port', '9000,9001', '--port=9002', '--app', 'Shop_1');
    expect(metadata).toEqual({ name: 'web', namespace: 'default' });
    expect(spec).toEqual({
      selector: { matchLabels: { app: 'Shop_1' } },
      mtls: { mode: 'STRICT' },
      portLevelMtls: { 9000: { mode: 'PERMISSIVE' }, 9001: { mode: 'PERMISSIVE' }, 9002: { mode: 'PERMISSIVE' } },
    });
  });

  it('own-tls: the container has the port of the Service, where only that is given', async () => {
    const ports = async (...args: string[]) => (await made('own-tls', ...args)).spec.ports[0];
    expect(await ports()).toMatchObject({ port: 443, targetPort: 8443 });
    expect(await ports('--port', '9443')).toMatchObject({ port: 9443, targetPort: 9443 });
    expect(await ports('--target-port', '9443')).toMatchObject({ port: 443, targetPort: 9443 });
    expect(await ports('--port', '1', '--target-port', '65535')).toMatchObject({ port: 1, targetPort: 65_535 });
  });

  it('headless-tcp, external-tls, udp-network-policy, nginx-http11, job', async () => {
    expect((await made('headless-tcp', '--port', '1,2', '--name', 'zk')).spec).toMatchObject({
      selector: { app: 'zk' },
      ports: [{ port: 1 }, { port: 2 }],
    });
    expect((await made('external-tls', '--host', 'db.example.com', '--port', '5433')).spec).toMatchObject({
      hosts: ['db.example.com'],
      ports: [{ number: 5433 }],
    });
    expect((await made('udp-network-policy', '--port', '123')).spec.ingress[1].ports).toEqual([
      { protocol: 'UDP', port: 123 },
    ]);
    const nginx = (await made('nginx-http11', '--host', 'api:8000', '--port', '81')).data['default.conf'];
    expect(nginx).toContain('listen 81;');
    expect(nginx).toContain('proxy_pass http://api:8000;');
    expect((await made('job', '--image', 'r.example.com/a/b@sha256:c')).spec.template.spec.containers).toEqual([
      { name: 'web', image: 'r.example.com/a/b@sha256:c' },
    ]);
  });
});

describe('is refused', () => {
  const label = 'a'.repeat(63);
  it.each([
    [[], 'needs the NAME of a template; use health-port, headless-tcp'],
    [['job', 'own-tls'], 'unexpected "own-tls"; name one template'],
    [['helth-port'], 'unknown template "helth-port"; did you mean health-port?'],
    [['constructor'], 'unknown template "constructor"; use health-port'],
    [['job', '--host', 'x'], 'job does not take --host; it takes --name, --namespace, --image [example.com/job:1]'],
    [['job', '--app', 'x'], 'job does not take --app'],
    [['own-tls', '--image', 'x'], 'own-tls does not take --image'],
    [['own-tls', '--port', '1,2'], '--port must be one port, got "1,2"'],
    [['external-tls', '--port', '1', '--port', '2'], '--port must be one port, got "1,2"'],
    [['external-tls', '--host', 'a:1'], '--host must be a host name without a port, got "a:1"'],
    [['nginx-http11', '--host', 'a;b'], '--host must be a host name, got "a;b"'],
    [['nginx-http11', '--host', 'a:0'], '--host must be a host name, got "a:0"'],
    [['nginx-http11', '--host', 'a.'], '--host must be a host name, got "a."'],
    [['job', '--image', 'a b'], '--image must be the reference of an image, got "a b"'],
    [['job', '--image', 'ä'], '--image must be the reference of an image, got "ä"'],
    [['job', '--name', 'A'], '--name must be a Kubernetes name'],
    [['job', '--name', 'a-'], '--name must be a Kubernetes name (a-z, 0-9 and -, at most 63), got "a-"'],
    [['job', '--name=-a'], '--name must be a Kubernetes name (a-z, 0-9 and -, at most 63), got "-a"'],
    [['job', '--name', `${label}a`], '--name must be a Kubernetes name'],
    [['job', '--namespace', 'a.b'], '--namespace must be a Kubernetes name'],
    [['own-tls', '--app', '_a'], '--app must be a label value of Kubernetes'],
    [
      ['own-tls', '--app', 'a.'],
      '--app must be a label value of Kubernetes (letters, digits, -, _ and ., at most 63), got "a."',
    ],
    ...['0', '65536', '080', '1e3', '8o', '-1', ' 80', '99999', '1,', ',1', '1,,2'].map((port): [string[], string] => [
      ['health-port', `--port=${port}`],
      `--port must be a port from 1 to 65535, got ${JSON.stringify(port)}`,
    ]),
    [['own-tls', '--target-port', '1,2'], '--target-port must be a port from 1 to 65535, got "1,2"'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await template(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`mesh-shim template: ${message}`);
  });

  it('but not what is just long enough', async () => {
    expect((await made('own-tls', '--name', label, '--app', label)).metadata.name).toBe(label);
    expect((await made('own-tls', '--name', 'a', '--app', 'b')).spec.selector).toEqual({ app: 'b' });
    expect((await made('job', '--image', 'a,b')).spec.template.spec.containers[0].image).toBe('a,b');
  });
});
