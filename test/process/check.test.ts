import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { allRules } from '../../src/check/rules/index.ts';
import { check } from '../../src/tools/check/check.ts';
import { templates } from '../../src/tools/template/templates.ts';
import { runTool } from '../helpers/run-tool.ts';

let cwd: string;
const bad = (rule: string) => readFileSync(`test/fixtures/check/${rule}/bad.yaml`, 'utf8');
const put = (name: string, text: string) => writeFileSync(join(cwd, name), text);

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'mesh-shim-check-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('mesh-shim check', () => {
  it('exits 0 when clean, 1 at --fail-on, 2 when it could not check', async () => {
    put('error.yaml', bad('probe-host'));
    put('info.yaml', bad('api-old'));
    put('broken.yaml', `${bad('api-old')}---\nkind: [\n`);
    put('values.yaml', 'image: web\n');
    const code = async (...args: string[]) => (await runTool(['check', ...args], { cwd })).code;
    expect(await code('info.yaml')).toBe(0);
    expect(await code('info.yaml', '--fail-on', 'info')).toBe(1);
    expect(await code('error.yaml')).toBe(1);
    expect(await code('error.yaml', '--disable=probe-host')).toBe(0);
    expect(await code('broken.yaml')).toBe(2);
    expect(await code('missing.yaml')).toBe(2);
    expect(await code('values.yaml')).toBe(2);
  });

  it('reads standard input', async () => {
    const { code, stdout } = await runTool(['check', '-'], { cwd, stdin: bad('probe-host') });
    expect(code).toBe(1);
    expect(stdout).toContain('<stdin>:18:15 error probe-host');
  });

  it.each([
    [['--kuberntes', '1.30', 'x'], 'did you mean --kubernetes?'],
    [['--kubernetes', '1.99', 'x'], '--kubernetes: bad value "1.99": expected 1.25 to 1.37'],
    [['--istio=2.0', 'x'], '--istio: bad value "2.0": expected 1.15 to 1.31'],
    [['--only', 'probe-mtsl', 'x'], 'unknown rule "probe-mtsl"; did you mean probe-mtls?'],
    [['--profile', 'akss', 'x'], '--profile: unknown profile "akss"; did you mean aks?'],
    [['--format', 'xml', 'x'], 'unknown format "xml"; use text, json, sarif, github'],
    [['--fail-on'], '--fail-on needs a value'],
    [[], 'nothing to check'],
    [['--explain', 'dr-vs-p'], 'did you mean dr-vs-pa?'],
  ])('refuses %j by name, without a stack', async (args, message) => {
    const { code, stdout, stderr } = await runTool(['check', ...args], { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n').length).toBe(1);
  });

  it('takes its settings from mesh-shim.yaml, and flags win', async () => {
    const folder = join(cwd, 'settings');
    mkdirSync(folder);
    writeFileSync(join(folder, 'web.yaml'), bad('startup-unprotected'));
    writeFileSync(join(folder, 'mesh-shim.yaml'), 'kubernetes: "1.31"\nfailOn: warning\n');
    expect((await runTool(['check', 'web.yaml'], { cwd: folder })).stdout).toContain('error startup-unprotected');
    expect((await runTool(['check', 'web.yaml', '--kubernetes', '1.34'], { cwd: folder })).code).toBe(0);
    writeFileSync(join(folder, 'mesh-shim.yaml'), 'kubernets: "1.31"\n');
    const { code, stderr } = await runTool(['check', 'web.yaml'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('mesh-shim.yaml: unknown setting "kubernets"; did you mean kubernetes?');
  });

  it('reads what a kustomization lists, in its namespace', async () => {
    const folder = join(cwd, 'overlay');
    mkdirSync(join(folder, 'base'), { recursive: true });
    writeFileSync(join(folder, 'kustomization.yaml'), 'namespace: prod\nresources: [base/web.yaml]\npatches: []\n');
    writeFileSync(join(folder, 'base/web.yaml'), bad('probe-host').replace(', namespace: shop', ''));
    writeFileSync(join(folder, 'base/unlisted.yaml'), bad('psp-dead'));
    const { stdout, stderr } = await runTool(['check', folder, '--format', 'json'], { cwd });
    const { findings } = JSON.parse(stdout);
    expect(
      findings.map(({ rule, object }: { rule: string; object: { namespace: string } }) => [rule, object.namespace]),
    ).toEqual([['probe-host', 'prod']]);
    expect(stderr).toContain('kustomize build');
  });

  it('--fix writes what is certain, --fix-out new objects, and the rest stays', async () => {
    const folder = join(cwd, 'fix');
    cpSync('test/fixtures/check/istio-annotation-misplaced', folder, { recursive: true });
    writeFileSync(join(folder, 'old.yaml'), bad('mixer-dead'));
    const { code, stderr } = await runTool(['check', '.', '--fix', '--fix-out', 'new', '--kubernetes', '1.31'], {
      cwd: folder,
    });
    expect(code).toBe(1);
    expect(stderr).toContain('fixed bad.yaml');
    expect(readFileSync(join(folder, 'old.yaml'), 'utf8')).toBe(bad('mixer-dead'));
    expect(readdirSync(join(folder, 'new'))).toEqual(['peerauthentication-istio-system-default.yaml']);
    expect((await runTool(['check', 'bad.yaml', 'new', '--fail-on', 'info'], { cwd: folder })).code).toBe(0);
  });

  it('prints its help, its rules and their pages', async () => {
    const help = (await runTool(['check', '--help'])).stdout;
    for (const { flag } of check.options) expect(help).toContain(`--${flag}`);
    const rules = (await runTool(['check', '--rules'])).stdout;
    for (const { id } of allRules) expect(rules).toContain(`${id} `);
    expect((await runTool(['check', '--explain', 'probe-mtls'])).stdout).toContain('# probe-mtls\n');
  });
});

describe('mesh-shim template', () => {
  it.each([...templates.keys()])('%s prints a manifest that the checker finds nothing in', async (name) => {
    const { code, stdout } = await runTool(['template', name, '--namespace', 'shop', '--name', 'zk']);
    expect(code).toBe(0);
    expect(parseAllDocuments(stdout)).toHaveLength(1);
    const checked = await runTool(['check', '-', '--fail-on', 'info'], { stdin: stdout });
    expect(checked.stdout).toContain('1 object checked; 0 errors, 0 warnings, 0 info');
    expect(stdout).toContain('shop');
  });

  it('refuses names and values', async () => {
    expect((await runTool(['template', 'helth-port'])).stderr).toContain('did you mean health-port?');
    expect((await runTool(['template', 'own-tls', '--port', '70000'])).stderr).toContain(
      '--port: bad value "70000": expected a port from 1 to 65535',
    );
    expect((await runTool(['template', 'own-tls', '--name', 'A b'])).stderr).toContain(
      '--name: bad value "A b": expected a Kubernetes name',
    );
  });
});

describe('mesh-shim explain', () => {
  it('explains a flag, standard input and a file', async () => {
    expect((await runTool(['explain', 'DPE'])).stdout).toContain('nginx-http10');
    const log =
      '{"response_code":503,"response_flags":"UH","upstream_cluster":"a"}\n{"response_code":200,"response_flags":"-"}\n';
    expect((await runTool(['explain', '-'], { stdin: log })).stdout).toContain('2 requests; response flags:');
    put('access.log', log);
    expect((await runTool(['explain', 'access.log'], { cwd })).stdout).toContain('UH: 1 time');
    const { code, stderr } = await runTool(['explain', 'hello', 'world']);
    expect(code).toBe(2);
    expect(stderr).toContain('cannot explain "hello world"; name a response flag');
  });
});
