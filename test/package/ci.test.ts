import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { packPackage } from '../helpers/package-app.ts';
import { blockNamed } from '../helpers/page-blocks.ts';

// What people's CI gets runs here step by step, against a repository of theirs: what a runner does around the steps is in
// this file, what the steps do is real.

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Record<string, string>;
  readonly env?: Record<string, string>;
  readonly run?: string;
}

let folder: string;
let tarball: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-shim-ci-'));
  ({ tarball } = packPackage(folder));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A repository of a team, with one error and a file that is no YAML where asked for. */
function checkout(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(folder, name);
  mkdirSync(join(path, 'deploy'), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

const faulty = readFileSync('test/fixtures/check/probe-host/bad.yaml', 'utf8');
const clean = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\n';

describe('the GitHub Action', () => {
  const action = parse(readFileSync('action.yml', 'utf8')) as {
    inputs: Record<string, { default: string }>;
    outputs: Record<string, { value: string }>;
    runs: { steps: readonly Step[] };
  };

  it('asks for its version of the package, and others by their commits', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(action.inputs.package?.default).toBe(`mesh-shim@${version}`);
    const uses = action.runs.steps.flatMap((step) => step.uses ?? []);
    expect(uses.length).toBe(2);
    for (const name of uses) expect(name).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/);
  });

  it.each([
    ['findings', { 'deploy/web.yaml': faulty }, {}, 1],
    ['findings below what fails', { 'deploy/web.yaml': faulty }, { options: '--disable\nprobe-host\n' }, 0],
    ['nothing', { 'deploy/web.yaml': clean }, { 'fail-on': 'info' }, 0],
    ['a file that cannot be read', { 'deploy/web.yaml': `${clean}---\nkind: [\n` }, {}, 2],
    ['several folders', { 'deploy/web.yaml': clean, 'a b.yaml': faulty }, { paths: 'deploy\na b.yaml\n' }, 1],
    ['what would be code', { 'deploy/web.yaml': clean }, { paths: 'deploy\n$(touch hacked)\n"; touch hacked; "' }, 2],
  ] as const)('%s', (name, files, inputs, code) => {
    const cwd = checkout(`action ${name}`, files);
    const ran = runAction(cwd, { paths: 'deploy', ...inputs, package: tarball, sarif: 'true' });
    expect(ran).toMatchObject({ code, outputs: { 'exit-code': String(code) } });
    const nothing = name === 'what would be code';
    expect(existsSync(join(cwd, 'hacked'))).toBe(false);
    expect(ran.summary.startsWith('## mesh-shim check\n')).toBe(true);
    expect(ran.uploaded.map(({ with: given }) => given)).toEqual([
      { sarif_file: ran.outputs['sarif-file'], category: 'mesh-shim' },
    ]);
    const sarif = JSON.parse(readFileSync(ran.outputs['sarif-file'] ?? '', 'utf8'));
    expect(sarif.runs[0].results.length > 0).toBe(['findings', 'several folders'].includes(name));
    expect(/^::error /m.test(ran.stdout)).toBe(code !== 0);
    expect(nothing || ran.stderr === '').toBe(true);
  });

  it('uploads nothing where there is no report, and where nobody asked for it', () => {
    const cwd = checkout('action none', { 'deploy/web.yaml': 'image: web\n' });
    const none = runAction(cwd, { package: tarball, sarif: 'true' });
    expect(none).toMatchObject({ code: 2, uploaded: [], summary: '', outputs: { 'exit-code': '2', 'sarif-file': '' } });
    expect(none.stderr).toContain('no Kubernetes object in .; name manifests');
    const unasked = runAction(checkout('action unasked', { 'deploy/web.yaml': clean }), { package: tarball });
    expect(unasked).toMatchObject({ code: 0, uploaded: [] });
  });

  it('installs once where the cache has it', () => {
    const cwd = checkout('action cached', { 'deploy/web.yaml': clean });
    const temp = join(folder, 'temp of action cached');
    expect(runAction(cwd, { package: tarball }).code).toBe(0);
    // It is in the folder that the cache has put back.
    expect(runAction(cwd, { package: 'no-such-package@0.0.0' }, temp).code).toBe(0);
  });

  function runAction(
    cwd: string,
    given: Readonly<Record<string, string>>,
    temp = `${join(folder, 'temp of ')}${cwd.slice(folder.length + 1)}`,
  ) {
    mkdirSync(temp, { recursive: true });
    const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default]);
    const contexts = {
      inputs: { ...Object.fromEntries(defaults), ...given } as Record<string, string>,
      runner: { temp, os: 'Linux', arch: 'X64' },
      steps: {} as Record<string, { outputs: Record<string, string> }>,
    };
    const uploaded: Step[] = [];
    const ran = { stdout: '', stderr: '', summary: '' };
    let code = 0;
    for (const step of action.runs.steps) {
      if (step.if !== undefined && evaluated(step.if, contexts) !== 'true') continue;
      if (step.uses !== undefined) {
        const words = Object.entries(step.with ?? {}).map(([name, text]) => [name, evaluated(text, contexts)]);
        if (step.uses.includes('upload-sarif')) uploaded.push({ ...step, with: Object.fromEntries(words) });
        continue;
      }
      const files = Object.fromEntries(['OUTPUT', 'STEP_SUMMARY'].map((name) => [`GITHUB_${name}`, join(temp, name)]));
      for (const file of Object.values(files)) writeFileSync(file, '');
      const own = Object.entries(step.env ?? {}).map(([name, text]) => [name, evaluated(text, contexts)]);
      const script = join(temp, 'step.sh');
      writeFileSync(script, step.run ?? '');
      // As GitHub's runner starts `shell: bash`.
      const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
        cwd,
        encoding: 'utf8',
        env: { ...process.env, ...files, ...Object.fromEntries(own) },
      });
      ran.stdout += stdout;
      ran.stderr += stderr;
      ran.summary += readFileSync(files.GITHUB_STEP_SUMMARY ?? '', 'utf8');
      const lines = readFileSync(files.GITHUB_OUTPUT ?? '', 'utf8')
        .split('\n')
        .filter(Boolean);
      const outputs = lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
      if (step.id !== undefined) contexts.steps[step.id] = { outputs: Object.fromEntries(outputs) };
      if (status !== 0) {
        code = status ?? -1;
        break;
      }
    }
    const outputs = Object.fromEntries(
      Object.entries(action.outputs).map(([name, { value }]) => [name, evaluated(value, contexts)]),
    );
    return { ...ran, code, uploaded, outputs };
  }
});

/** With each `${{ }}` evaluated, by GitHub's own library of its expressions. */
function evaluated(text: string, contexts: Readonly<Record<string, unknown>>): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) => {
    const names = Object.keys(contexts);
    const tree = new Parser(new Lexer(expression).lex().tokens, names, []).parse();
    const values = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
    return new Evaluator(tree, values).evaluate().coerceString();
  });
}

describe("GitLab's component", () => {
  const [header, body] = parseAllDocuments(readFileSync('templates/check.yml', 'utf8')).map((part) => part.toJS());

  it.each([
    ['findings', faulty, {}, 1],
    ['nothing', clean, { 'fail-on': 'info' }, 0],
    ['an option', faulty, { options: '--disable probe-host --kubernetes 1.34' }, 0],
  ] as const)('%s', (name, text, given, code) => {
    const cwd = checkout(`component ${name}`, { 'deploy/web.yaml': text });
    const inputs = { ...given, paths: 'deploy', package: tarball } as Record<string, string>;
    const filled = (value: string) =>
      value.replaceAll(
        /\$\[\[ inputs\.([\w-]+) \]\]/g,
        (_, input: string) => inputs[input] ?? header.spec.inputs[input].default,
      );
    const job = body['mesh-shim-check'];
    const variables = Object.entries(job.variables as Record<string, string>).map(([key, value]) => [
      key,
      filled(value).replaceAll('$CI_PROJECT_DIR', cwd),
    ]);
    const away = join(folder, `away ${name}`);
    // The runner joins the lines of a script, and stops at the first that fails.
    const script = (job.script as string[]).map((line) => line.replaceAll('/tmp/mesh-shim', `'${away}'`)).join('\n');
    const { status, stdout, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', script], {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, ...Object.fromEntries(variables) },
    });
    expect({ status, stderr }).toEqual({ status: code, stderr: '' });
    expect(stdout).toContain('object checked');
    const report = JSON.parse(readFileSync(join(cwd, job.artifacts.reports.codequality), 'utf8'));
    expect(report.length > 0).toBe(name === 'findings');
  });
});

it('the page includes the component with inputs that it has', () => {
  const [entry] = parse(blockNamed('docs/ci.md#gitlab').code).include;
  const [header] = parseAllDocuments(readFileSync('templates/check.yml', 'utf8')).map((part) => part.toJS());
  expect(entry.component).toMatch(/\/check@\d+\.\d+\.\d+$/);
  for (const input of Object.keys(entry.inputs)) expect(Object.keys(header.spec.inputs)).toContain(input);
});

it('the hook of the page runs as pre-commit starts it', () => {
  const [hook] = parse(blockNamed('docs/ci.md#pre-commit').code).repos[0].hooks;
  expect(hook).toMatchObject({ language: 'node', pass_filenames: false });
  const cwd = checkout('pre-commit', { 'deploy/web.yaml': faulty });
  // pre-commit installs additional_dependencies globally below a prefix of the hook, and starts entry and args there.
  const prefix = join(folder, 'pre-commit env');
  const env = { ...process.env, npm_config_prefix: prefix, PATH: `${prefix}/bin:${process.env.PATH}` };
  const packages = (hook.additional_dependencies as string[]).map((name) =>
    name.startsWith('mesh-shim@') ? tarball : name,
  );
  expect(spawnSync('npm', ['install', '--global', ...packages], { env, encoding: 'utf8' }).status).toBe(0);
  const run = () => spawnSync('sh', ['-c', [hook.entry, ...hook.args].join(' ')], { cwd, env, encoding: 'utf8' });
  expect(run()).toMatchObject({ status: 1, stdout: expect.stringContaining('error probe-host') });
  writeFileSync(join(cwd, 'deploy/web.yaml'), clean);
  expect(run().status).toBe(0);
  expect(new RegExp(hook.files).test('deploy/web.yaml')).toBe(true);
});

it('the container of the page holds the command', () => {
  const lines = blockNamed('docs/ci.md#a-container').code.trim().split('\n');
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const install = lines.find((line) => line.startsWith('RUN '))?.slice('RUN '.length) ?? '';
  expect(install).toContain(`mesh-shim@${version}`);
  const prefix = join(folder, 'image');
  const entrypoint = JSON.parse(lines.at(-1)?.replace('ENTRYPOINT ', '') ?? '') as string[];
  cpSync('test/fixtures/check/probe-host/bad.yaml', join(folder, 'work.yaml'));
  const script = `${install.replace(`mesh-shim@${version}`, `'${tarball}'`)} && ${entrypoint.join(' ')} check work.yaml`;
  const { status, stdout } = spawnSync('sh', ['-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, npm_config_prefix: prefix, PATH: `${prefix}/bin:${process.env.PATH}` },
  });
  expect(status).toBe(1);
  expect(stdout).toContain('error probe-host (1 place)');
});
