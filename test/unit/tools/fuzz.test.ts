import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inputProfiles, inputTable } from '../../../src/check/model/inputs.ts';
import { allRules } from '../../../src/check/rules/index.ts';
import { type ToolCommand, tools } from '../../../src/tools/run-tool.ts';
import { templates } from '../../../src/tools/template/templates.ts';
import { type Tool, toolExitCodes } from '../../../src/tools/tool.ts';
import { runToolHere } from '../../helpers/run-tool.ts';

// Whatever a command is told: a documented exit code, and what is wrong on one line.

let root: string;
/** Deep enough that `..` stays in our own folder. */
let cwd: string;

const bad = readFileSync('test/fixtures/check/probe-host/bad.yaml', 'utf8');
const binary = Uint8Array.from({ length: 512 }, (_, index) => (index * 7) % 256);

/** What may lie in a folder. */
function fill(): void {
  root = mkdtempSync(join(tmpdir(), 'mesh-shim-fuzz-'));
  cwd = join(root, 'a/b/work');
  mkdirSync(join(cwd, 'folder.yaml'), { recursive: true });
  mkdirSync(join(cwd, 'round'));
  writeFileSync(join(cwd, 'web.yaml'), bad);
  writeFileSync(join(cwd, 'binary.yaml'), binary);
  writeFileSync(join(cwd, 'empty.yaml'), '');
  writeFileSync(join(cwd, 'broken.yaml'), 'kind: [\n');
  writeFileSync(join(cwd, 'deep.yaml'), `a: ${'['.repeat(20_000)}`);
  writeFileSync(join(cwd, 'aliases.yaml'), 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b, *nosuch]\n');
  writeFileSync(join(cwd, 'access.log'), '{"response_code":503,"response_flags":"constructor"}\nnoise\n');
  writeFileSync(join(cwd, 'round/kustomization.yaml'), 'resources: [., ../round, ../folder.yaml]\n');
  // Read only when they are named: a folder is read without what is hidden.
  mkdirSync(join(cwd, '.links'));
  symlinkSync('nowhere', join(cwd, '.links/dangling.yaml'));
  symlinkSync('loop.yaml', join(cwd, '.links/loop.yaml'));
  symlinkSync('..', join(cwd, 'folder.yaml/up'));
}

beforeAll(fill);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const files = ['web.yaml', 'binary.yaml', 'empty.yaml', 'broken.yaml', 'aliases.yaml', 'access.log', 'missing.yaml'];
const places = ['.', '..', 'folder.yaml', 'round', '.links', '.links/loop.yaml', 'web.yaml/x', 'a\0b', 'x'.repeat(300)];
const odd = [
  '',
  '-',
  '--',
  '-x',
  'constructor',
  '__proto__',
  'toString',
  '0',
  '1.99',
  'A b',
  '99999999h',
  'a\nb',
  '[',
  '{}',
];
const rules = allRules.map(({ id }) => id);

/** What each command takes; of an option without an entry the values of its table. */
const operands: Readonly<Record<string, readonly string[]>> = {
  check: [...files, ...places, 'web.yaml', 'web.yaml', '-'],
  explain: [
    'UF',
    'uf,urx',
    'UF,XX',
    '503',
    '999',
    'no healthy upstream',
    'access.log',
    '{"response_code":1}',
    ...places,
    '-',
  ],
  'log-level': ['debug', 'warn', 'off'],
  path: [],
  template: [...templates.keys()],
};
const optionValues: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(inputTable.map(({ flag, values }) => [flag, values.split(', ')])),
  istio: ['1.31', '1.15', 'v1.20.3'],
  kubernetes: ['1.30', '1.37'],
  'drain-seconds': ['0', '30', '30s'],
  format: ['text', 'json', 'sarif', 'github'],
  'fail-on': ['error', 'warning', 'info'],
  only: rules,
  disable: rules,
  explain: [...rules, 'suppression-unused'],
  config: [...files, ...places],
  profile: Object.keys(inputProfiles),
  'fix-out': ['new', 'new/deep', 'web.yaml', 'web.yaml/x', '..'],
  arch: ['x64', 'amd64', 'arm64'],
  component: ['http', 'router'],
  for: ['1ms', '1.5s', '2m30s'],
  'admin-url': ['http://127.0.0.1:1', 'http://[::1]:1', 'unix:/nowhere', 'unix:', 'https://localhost', 'localhost:1'],
  port: ['80', '80,81', '70000', '8o'],
  'target-port': ['80', '80,81'],
  host: ['example.com', 'example.com:80', '-x'],
  app: ['web', 'Web_1'],
};

/** No slash: nothing of what is made up may name a file elsewhere. */
const anything = fc.string({ unit: 'binary', maxLength: 6 }).map((text) => text.replaceAll('/', ''));
const wrong = fc.oneof(fc.constantFrom(...odd), anything);

function oneOrWrong(values: readonly string[]): fc.Arbitrary<string> {
  if (values.length === 0) return wrong;
  return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: wrong });
}

function wordsFor(name: string, tool: Tool): fc.Arbitrary<string[]> {
  const options = tool.options.map(({ flag, value }) => {
    if (value === undefined) return fc.constant([`--${flag}`]);
    const values = optionValues[flag] ?? ['web', 'new'];
    return fc.tuple(oneOrWrong(values), fc.boolean()).map(([given, apart]) => {
      return apart ? [`--${flag}`, given] : [`--${flag}=${given}`];
    });
  });
  const operand = oneOrWrong(operands[name] ?? []).map((word) => [word]);
  const stray = fc
    .constantFrom('--help', '-h', '--version', '--nosuch', '--fix', '--for', '--help=x', '--')
    .map((word) => [word]);
  const some = options.length === 0 ? [] : [{ weight: 10, arbitrary: fc.oneof(...options) }];
  const word = fc.oneof(...some, { weight: 10, arbitrary: operand }, { weight: 1, arbitrary: stray });
  return fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.flat());
}

describe.each(Object.entries(tools) as [ToolCommand, Tool][])('%s', (name, tool) => {
  const codes = tool.exitCodes.map((exit) => toolExitCodes[exit].code);

  it('ends with a documented exit code, and with one line where something is wrong', async () => {
    // Nobody else's Envoy is asked: of an option that is given twice the last counts, and none of the others is one.
    const first = name === 'log-level' ? ['--admin-url', 'http://127.0.0.1:1'] : [];
    const stdin = fc.constantFrom<(string | Uint8Array)[]>('', bad, binary, 'kind: [', 'UF');
    await fc.assert(
      fc.asyncProperty(wordsFor(name, tool), stdin, async (words, input) => {
        const { code, stdout, stderr } = await runToolHere(name, [...first, ...words], { cwd, stdin: input });
        expect(codes).toContain(code);
        expect(code).not.toBe(toolExitCodes.internal.code);
        const lines = stderr.split('\n').slice(0, -1);
        for (const line of lines) expect(line).toMatch(/^mesh-shim( [a-z-]+)?: /);
        expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
        if (code === toolExitCodes.notDone.code && stdout === '') expect(lines.at(-1)).toMatch(`mesh-shim ${name}: `);
      }),
      { numRuns: 400 },
    );
  });
});
