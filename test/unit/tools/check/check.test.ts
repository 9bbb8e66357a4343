import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { istioRange } from '../../../../src/check/model/inputs.ts';
import { newestIstio } from '../../../../src/check/model/istio-releases.ts';
import { documentedRules } from '../../../../src/check/report/rule-page.ts';
import { allRules } from '../../../../src/check/rules/index.ts';
import { check } from '../../../../src/tools/check/check.ts';
import { toolVersion } from '../../../../src/tools/tool.ts';
import { runToolHere } from '../../../helpers/run-tool.ts';

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
    const code = async (...args: string[]) => (await runToolHere('check', args, { cwd })).code;
    expect(await code('info.yaml')).toBe(0);
    expect(await code('info.yaml', '--fail-on', 'info')).toBe(1);
    expect(await code('error.yaml')).toBe(1);
    expect(await code('error.yaml', '--disable=probe-host')).toBe(0);
    expect(await code('broken.yaml')).toBe(2);
    expect(await code('missing.yaml')).toBe(2);
    expect(await code('values.yaml')).toBe(2);
  });

  it('writes further formats into files, as the command alone prints them', async () => {
    put('outputs.yaml', bad('probe-host'));
    const alone = async (format: string) =>
      (await runToolHere('check', ['--format', format, 'outputs.yaml'], { cwd })).stdout;
    const outputs = ['--output', 'sarif=a.sarif,markdown=b.md', '--output', 'gitlab=c.json', '--output', 'text=d.txt'];
    const run = await runToolHere('check', ['--format', 'github', ...outputs, 'outputs.yaml'], { cwd });
    expect(run).toMatchObject({ code: 1, stdout: await alone('github'), stderr: '' });
    for (const [file, format] of [
      ['a.sarif', 'sarif'],
      ['b.md', 'markdown'],
      ['c.json', 'gitlab'],
      ['d.txt', 'text'],
    ] as const)
      expect(readFileSync(join(cwd, file), 'utf8')).toBe(await alone(format));
    const failed = await runToolHere('check', ['--output', 'sarif=none/a.sarif', 'outputs.yaml'], { cwd });
    expect(failed).toMatchObject({ code: 2, stdout: '' });
    expect(failed.stderr).toContain('cannot write none/a.sarif: no such file or directory');
  });

  it('no report takes the place of manifests, of the baseline or of another report', async () => {
    const folder = mkdtempSync(join(cwd, 'overwrite-'));
    const text = bad('probe-host');
    writeFileSync(join(folder, 'web.yaml'), text);
    writeFileSync(join(folder, 'broken.yaml'), 'apiVersion: v1\nkind: [\n');
    symlinkSync('web.yaml', join(folder, 'link'));
    const run = (...args: string[]) => runToolHere('check', [...args, '.'], { cwd: folder });
    for (const [args, why] of [
      [['--output', 'markdown=web.yaml'], 'web.yaml would overwrite the manifests in it'],
      [['--output', 'markdown=./link'], './link would overwrite the manifests in it'],
      [['--output', 'json=broken.yaml'], 'broken.yaml would overwrite the manifests in it'],
      [['--output', 'markdown=a.md,gitlab=./a.md'], './a.md would overwrite another report of this run'],
      [['--output', 'json=known.txt', '--baseline', 'known.txt'], 'known.txt would overwrite what --baseline reads'],
      [['--output', 'json=-'], '--output writes files, got - (standard output)'],
    ] as const) {
      const { code, stdout, stderr } = await run(...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(why);
    }
    expect(readdirSync(folder).toSorted()).toEqual(['broken.yaml', 'link', 'web.yaml']);
    expect(readFileSync(join(folder, 'web.yaml'), 'utf8')).toBe(text);
    rmSync(join(folder, 'broken.yaml'));
    const again = ['--output', 'json=report.json,gitlab=quality.json'];
    expect([(await run(...again)).code, (await run(...again)).code]).toEqual([1, 1]);
  });

  it('reads standard input', async () => {
    const { code, stdout } = await runToolHere('check', ['-'], { cwd, stdin: bad('probe-host') });
    expect(code).toBe(1);
    expect(stdout).toContain('error probe-host (1 place)\n');
    expect(stdout).toContain('    <stdin>:18:15  Deployment shop/web\n');
  });

  it.each([
    [['--kuberntes', '1.30', 'x'], 'did you mean --kubernetes?'],
    [['--kubernetes', '1.3', 'x'], '--kubernetes must be 1.25 to 1.37 (version of the oldest kubelet), got "1.3"'],
    [['--istio=2.0', 'x'], `--istio must be ${istioRange} (Istio version), got "2.0"`],
    [['--only', 'probe-mtsl', 'x'], 'unknown rule "probe-mtsl"; did you mean probe-mtls?'],
    [['--profile', 'akss', 'x'], '--profile: unknown profile "akss"; did you mean aks?'],
    [['--fix', '--render', 'x'], '--fix writes into files, and --render checks what is made of them'],
    [['--format', 'xml', 'x'], 'unknown format "xml"; use text, json, sarif, github'],
    [['--output', 'sarif', 'x'], '--output must be FORMAT=FILE, as sarif=mesh-shim.sarif, got "sarif"'],
    [['--output', 'srif=x', 'x'], '--output: unknown format "srif"; did you mean sarif?'],
    [['--fail-on'], '--fail-on needs a value'],
    [[], 'nothing to check'],
    [['--explain', 'dr-vs-p'], 'did you mean dr-vs-pa?'],
  ])('refuses %j by name, without a stack', async (args, message) => {
    const { code, stdout, stderr } = await runToolHere('check', args, { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n').length).toBe(1);
  });

  it('takes its settings from mesh-shim.yaml, and flags win', async () => {
    const folder = join(cwd, 'settings');
    mkdirSync(folder);
    writeFileSync(join(folder, 'web.yaml'), bad('startup-unprotected'));
    writeFileSync(join(folder, 'mesh-shim.yaml'), 'kubernetes: "1.31"\ninjection: true\nfailOn: warning\n');
    expect((await runToolHere('check', ['web.yaml'], { cwd: folder })).stdout).toContain('error startup-unprotected');
    expect((await runToolHere('check', ['web.yaml', '--kubernetes', '1.34'], { cwd: folder })).code).toBe(0);
    writeFileSync(join(folder, 'mesh-shim.yaml'), 'kubernets: "1.31"\n');
    const { code, stderr } = await runToolHere('check', ['web.yaml'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('mesh-shim.yaml: unknown setting "kubernets"; did you mean kubernetes?');
  });

  it('reads what a kustomization lists, in its namespace', async () => {
    const folder = join(cwd, 'overlay');
    mkdirSync(join(folder, 'base'), { recursive: true });
    writeFileSync(join(folder, 'kustomization.yaml'), 'namespace: prod\nresources: [base/web.yaml]\npatches: []\n');
    writeFileSync(join(folder, 'base/web.yaml'), bad('probe-host').replace(', namespace: shop', ''));
    writeFileSync(join(folder, 'base/unlisted.yaml'), bad('psp-dead'));
    const { stdout, stderr } = await runToolHere('check', [folder, '--format', 'json'], { cwd });
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
    const { code, stderr } = await runToolHere('check', ['.', '--fix', '--fix-out', 'new', '--kubernetes', '1.31'], {
      cwd: folder,
    });
    expect(code).toBe(1);
    expect(stderr).toContain('fixed bad.yaml');
    expect(readFileSync(join(folder, 'old.yaml'), 'utf8')).toBe(bad('mixer-dead'));
    expect(readdirSync(join(folder, 'new'))).toEqual(['peerauthentication-istio-system-default.yaml']);
    expect((await runToolHere('check', ['bad.yaml', 'new', '--fail-on', 'info'], { cwd: folder })).code).toBe(0);
  });

  it('prints its help, its rules and their pages', async () => {
    const help = (await runToolHere('check', ['--help'])).stdout;
    for (const { flag } of check.options) expect(help).toContain(`--${flag}`);
    const rules = (await runToolHere('check', ['--rules'])).stdout;
    for (const { id } of allRules) expect(rules).toContain(`${id} `);
    expect((await runToolHere('check', ['--explain', 'probe-mtls'])).stdout).toContain('# probe-mtls\n');
  });

  it('the exit code is 1 from the severity of --fail-on on', async () => {
    put('error.yaml', bad('probe-host'));
    put('warning.yaml', bad('startup-unprotected'));
    put('info.yaml', bad('api-old'));
    const codes = async (failOn: string) => {
      const run = (file: string) => runToolHere('check', [file, '--fail-on', failOn], { cwd });
      return Promise.all(['error.yaml', 'warning.yaml', 'info.yaml'].map(async (file) => (await run(file)).code));
    };
    expect(await codes('error')).toEqual([1, 0, 0]);
    expect(await codes('warning')).toEqual([1, 1, 0]);
    expect(await codes('info')).toEqual([1, 1, 1]);
  });

  it('what could not be checked is 2, whatever was found beside it', async () => {
    put('chart.yaml', 'kind: {{ .Values.kind }}\n');
    const skipped = await runToolHere('check', ['chart.yaml'], { cwd });
    expect(skipped).toMatchObject({ code: 2, stderr: '' });
    expect(skipped.stdout).toContain('chart.yaml:1 skipped: ');
    put('error.yaml', bad('probe-host'));
    expect((await runToolHere('check', ['chart.yaml', 'error.yaml'], { cwd })).code).toBe(1);
    put('broken.yaml', 'kind: [\n');
    expect((await runToolHere('check', ['broken.yaml', 'error.yaml'], { cwd })).code).toBe(2);
    const broken = await runToolHere('check', ['broken.yaml'], { cwd });
    expect(broken).toMatchObject({ code: 2, stderr: '' });
    expect(broken.stdout).toMatch(/^broken\.yaml:\d+:\d+ not checked: /m);
    put('values.yaml', 'image: web\n');
    expect((await runToolHere('check', ['values.yaml', 'values.yaml'], { cwd })).stderr).toBe(
      'mesh-shim check: no Kubernetes object in values.yaml, values.yaml; name manifests\n',
    );
  });

  it('prints each format, and text in colours on a terminal that wants them', async () => {
    put('error.yaml', bad('probe-host'));
    const print = async (format: string, options = {}) =>
      (await runToolHere('check', ['error.yaml', '--format', format], { cwd, ...options })).stdout;
    expect(JSON.parse(await print('json')).findings).toHaveLength(1);
    expect(JSON.parse(await print('sarif'))).toMatchObject({
      runs: [{ tool: { driver: { version: toolVersion } }, results: [{ ruleId: 'probe-host' }] }],
    });
    expect(await print('github')).toMatch(/^::error file=error\.yaml,line=18/m);
    expect(await print('text')).not.toContain('\u001b[');
    expect(await print('text', { isTerminal: true })).toContain('\u001b[');
    expect(await print('text', { isTerminal: true, env: { NO_COLOR: '' } })).not.toContain('\u001b[');
    expect(await print('github', { isTerminal: true })).not.toContain('\u001b[');
  });

  it('wraps lines at the width of the terminal, and nowhere else', async () => {
    put('error.yaml', bad('probe-host'));
    const widest = async (options = {}) => {
      const { stdout } = await runToolHere('check', ['error.yaml'], { cwd, ...options });
      return Math.max(...stdout.split('\n').map((line) => line.length));
    };
    expect(await widest({ columns: 100 })).toBeLessThanOrEqual(100);
    expect(await widest()).toBeGreaterThan(100);
    expect(await widest({ columns: 0 })).toBeGreaterThan(100);
    const dumb = { isTerminal: true, env: { TERM: 'dumb' } };
    expect((await runToolHere('check', ['error.yaml'], { cwd, ...dumb })).stdout).not.toContain('\u001b[');
  });

  it('--verbose shows every place, --show-fixes the patches of many', async () => {
    const pods = Array.from({ length: 8 }, (_, index) => bad('probe-host').replaceAll('web', `web-${index}`));
    put('many.yaml', pods.join('---\n'));
    const lines = async (pattern: RegExp, ...args: string[]) =>
      (await runToolHere('check', ['many.yaml', ...args], { cwd })).stdout.match(pattern)?.length ?? 0;
    expect(await lines(/^ {4}many\.yaml:/gm)).toBe(3);
    expect(await lines(/^ {4}many\.yaml:/gm, '--verbose')).toBe(8);
    expect(await lines(/^ {4}many\.yaml:/gm, '-v')).toBe(8);
    expect(await lines(/kubectl patch/g, '-v')).toBe(0);
    expect(await lines(/kubectl patch/g, '--show-fixes')).toBe(3);
    expect(await lines(/kubectl patch/g, '--show-fixes', '--verbose')).toBe(8);
  });

  it('a note says what was read otherwise than it is written', async () => {
    put('error.yaml', bad('probe-host'));
    const { code, stderr } = await runToolHere('check', ['error.yaml', '--istio', '1.40'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toBe(
      `mesh-shim: --istio: Istio version 1.40 is newer than this mesh-shim knows; taken as ${newestIstio}, the newest that it knows\n`,
    );
  });

  it('--stats says on standard error how much there was', async () => {
    put('error.yaml', bad('probe-host'));
    const { stderr } = await runToolHere('check', ['error.yaml', '--stats'], { cwd });
    expect(stderr).toMatch(
      /^mesh-shim: 1 file \(0\.0 MB\), 1 object, 1 workload: read in \d\.\d\d s, checked in \d+\.\d\d s, with \d+\.\d MB of memory\n$/,
    );
  });

  it('--baseline reports what is new alone, and fails for that alone', async () => {
    put('error.yaml', bad('probe-host'));
    const run = (...args: string[]) =>
      runToolHere('check', ['error.yaml', '--baseline', 'known.json', ...args], { cwd });
    expect(await run()).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'mesh-shim check: cannot read known.json: no such file or directory; write it with --write-baseline\n',
    });
    const written = await run('--write-baseline');
    expect(written).toMatchObject({ code: 0, stderr: 'mesh-shim: wrote known.json: 1 finding\n' });
    expect(written.stdout).toMatch(/; 0 errors, 0 warnings, 0 infos; 1 finding known from the baseline\n$/);
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
    put('error.yaml', `# moved\n${bad('probe-host')}---\n${bad('probe-host').replaceAll('web', 'other')}`);
    const { findings, baseline } = JSON.parse((await run('--format', 'json')).stdout);
    expect(findings.map(({ object }: { object: { name: string } }) => object.name)).toEqual(['other']);
    expect(baseline).toEqual({ known: 1, gone: [] });
    expect((await run()).code).toBe(1);
    put('error.yaml', bad('probe-host').replace('host: localhost', 'port: 80'));
    expect((await run()).stdout).toContain('1 finding of the baseline is gone: --write-baseline takes it out.\n');
    // What was not looked for is not gone.
    expect((await run('--disable', 'probe-host')).stdout).not.toContain('gone');
    // What no rule finds any more, is.
    put('known.json', '{"version": 1, "findings": ["no-such-rule Pod shop/a spec"]}');
    expect((await run()).stdout).toContain('1 finding of the baseline is gone');
  });

  it.each([
    [['--write-baseline'], '--write-baseline needs --baseline FILE; name the file to write'],
    [['--baseline', 'error.yaml'], 'error.yaml is no baseline of mesh-shim check; write one with --write-baseline'],
    [['--baseline', 'none/known.json', '--write-baseline'], 'cannot write none/known.json: no such file or directory'],
  ])('%j is refused', async (args, message) => {
    put('error.yaml', bad('probe-host'));
    const { code, stdout, stderr } = await runToolHere('check', ['error.yaml', ...args], { cwd });
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: `mesh-shim check: ${message}\n` });
  });

  it('--only and --disable may be given several times', async () => {
    put('two.yaml', `${bad('probe-host')}---\n${bad('api-old')}`);
    const rules = async (...args: string[]) => {
      const { stdout } = await runToolHere('check', ['two.yaml', '--format=json', ...args], { cwd });
      return JSON.parse(stdout).findings.map(({ rule }: { rule: string }) => rule);
    };
    expect(await rules('--only', 'probe-host', '--only', 'api-old')).toEqual(['probe-host', 'api-old']);
    expect(await rules('--only', 'probe-host')).toEqual(['probe-host']);
    expect(await rules('--disable', 'probe-host', '--disable', 'api-old')).toEqual([]);
  });

  it('--fix: what one file does not take stops no other', async () => {
    const folder = join(cwd, 'some');
    mkdirSync(folder);
    const shared = `${bad('api-old')}---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations: &l {sidecar.istio.io/native: "true"}\nspec: {containers: [{name: a, image: a}], x: *l}\n`;
    for (const name of ['a', 'b', 'c'])
      writeFileSync(join(folder, `${name}.yaml`), name === 'b' ? shared : bad('api-old'));
    chmodSync(join(folder, 'a.yaml'), 0o640);
    symlinkSync('c.yaml', join(folder, 'd.yaml'));
    const { code, stderr } = await runToolHere('check', ['.', '--fix', '--kubernetes=1.34', '--fail-on=warning'], {
      cwd: folder,
    });
    expect(code).toBe(1);
    expect(stderr).toContain(
      'mesh-shim: not fixed b.yaml: "rename it to sidecar.istio.io/nativeSidecar": something else',
    );
    for (const name of ['a', 'b', 'c']) {
      expect(stderr).toContain(`mesh-shim: fixed ${name}.yaml\n`);
      expect(readFileSync(join(folder, `${name}.yaml`), 'utf8')).toContain('networking.istio.io/v1 #');
    }
    expect(statSync(join(folder, 'a.yaml')).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(folder, 'd.yaml')).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder)).toEqual(['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml']);
  });

  it('--fix without anything to fix writes nothing, and does not write to standard input', async () => {
    put('error.yaml', bad('api-old'));
    const same = await runToolHere('check', ['error.yaml', '--fix', '--disable', 'api-old'], { cwd });
    expect(same).toMatchObject({ code: 0, stderr: '' });
    expect(await runToolHere('check', ['-', 'error.yaml', '--fix'], { cwd, stdin: bad('api-old') })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'mesh-shim check: --fix writes into files, got - (standard input); name the files\n',
    });
    expect(readFileSync(join(cwd, 'error.yaml'), 'utf8')).toBe(bad('api-old'));
    // A finding may have no fix.
    put('error.yaml', `# mesh-shim-ignore probe-host: no probe here\n${bad('api-old')}`);
    // What is printed is what the fixed files are.
    const fixed = await runToolHere('check', ['error.yaml', '--fix', '--fail-on=info'], { cwd });
    expect(fixed).toMatchObject({ code: 1, stderr: 'mesh-shim: fixed error.yaml\n' });
    expect(fixed.stdout).toMatch(/\n1 object checked; 0 errors, 1 warning, 0 infos\n$/);
  });

  it('says what it could not write', async () => {
    put('mixer.yaml', bad('mixer-dead'));
    put('file', '');
    const stderr = async (folder: string) =>
      (await runToolHere('check', ['mixer.yaml', '--fix-out', folder, '--kubernetes', '1.31'], { cwd })).stderr;
    expect(await stderr('file')).toBe('mesh-shim check: cannot make the folder file: file already exists\n');
    expect(await stderr('file/x')).toBe('mesh-shim check: cannot make the folder file/x: not a directory\n');
    expect(await stderr('new')).toBe('mesh-shim: wrote new/peerauthentication-istio-system-default.yaml\n');
    rmSync(join(cwd, 'new'), { recursive: true });
    mkdirSync(join(cwd, 'new/peerauthentication-istio-system-default.yaml'), { recursive: true });
    expect(await stderr('new')).toBe(
      'mesh-shim check: cannot write new/peerauthentication-istio-system-default.yaml: illegal operation on a directory\n',
    );
  });

  it("lists the rules in columns, and prints a rule's page whatever else is asked", async () => {
    const { stdout } = await runToolHere('check', ['--rules']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(documentedRules.length);
    const widest = Math.max(...documentedRules.map(({ id }) => id.length));
    for (const [index, { id, severity, title }] of documentedRules.entries()) {
      expect(lines[index]).toBe(`${id.padEnd(widest)}  ${severity.padEnd(7)}  ${title}`);
    }
    const page = await runToolHere('check', ['--explain', 'suppression-unused', '--rules', 'missing.yaml']);
    expect(page).toMatchObject({ code: 0, stderr: '' });
    expect(page.stdout).toMatch(/^# suppression-unused\n/);
    expect(page.stdout.match(/^# /gm)).toHaveLength(1);
  });
});
