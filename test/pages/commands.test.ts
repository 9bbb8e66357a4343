import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Block, blocks } from '../helpers/page-blocks.ts';
import { executable } from '../native/executables.ts';
import { heldBy, printedBelow } from './rows.ts';
import { standIns, whyNot } from './stand-in-tools.ts';

// Each command of the pages is run, in a copy of the example that its README belongs to, or in a project that has what pages speak of.

const root = resolve(import.meta.dirname, '../..');
const scripts = blocks.filter(({ language, name, page }) => language === 'sh' && heldBy({ name, page }) === undefined);

let folder: string;
beforeAll(() => {
  if (scripts.some(({ code }) => code.includes('mesh-shim path'))) executable('arm64');
  folder = mkdtempSync(join(tmpdir(), 'page-commands-'));
  const write = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    chmodSync(join(folder, path), mode);
  };
  const tool = (name: string, command: string) => write(`bin/${name}`, `#!/bin/sh\nexec ${command} "$@"\n`, 0o755);
  for (const name of Object.keys(standIns)) {
    tool(name, `"${process.execPath}" --no-warnings "${join(root, 'test/pages/stand-in-tools.ts')}" ${name}`);
  }
  tool('mesh-shim', `"${process.execPath}" "${join(root, 'dist/cli.mjs')}"`);
  // It finds nothing in what a stand-in says, which is no failure of the page.
  write('bin/grep', '#!/bin/sh\n/bin/grep "$@" || test $? = 1\n', 0o755);
  symlinkSync(process.execPath, join(folder, 'bin/node'));
  write('project/package.json', '{"type": "module"}');
  mkdirSync(join(folder, 'project/node_modules'));
  symlinkSync(root, join(folder, 'project/node_modules/mesh-shim'));
  for (const app of ['server.js', 'app.js']) write(`project/${app}`, "console.log('serving');\n");
  cpSync(join(root, 'examples/job/job.yaml'), join(folder, 'project/deploy/job.yaml'), { recursive: true });
  write('project/charts/shop/Chart.yaml', 'name: shop\n');
  write('project/overlays/prod/kustomization.yaml', 'resources: []\n');
  cpSync(join(root, 'Dockerfile.shim'), join(folder, 'project/Dockerfile.shim'));
  cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function runScript({ page, code }: Block): Promise<Ended> {
  const cwd = join(folder, page.startsWith('examples/') ? dirname(page) : 'project');
  const env = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, PAGES_REPOSITORY: root, HOME: folder };
  const child = spawn('bash', ['-euo', 'pipefail', '-c', code], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  return new Promise((done) => child.on('close', (exitCode) => done({ code: exitCode, stdout, stderr })));
}

describe.concurrent('runs', () => {
  it.each(scripts.map((block) => [block.name, block] as const))('%s', async (_, block) => {
    const { code, stdout, stderr } = await runScript(block);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(printedBelow(block, blocks)?.code ?? '');
  });
});

describe('what would be a fault', () => {
  const block = { name: 'a.md', page: 'a.md', line: 1, language: 'sh', info: '' };
  it.each([
    ['a command that there is not', 'mesh-shim chekc deploy/'],
    ['an option that there is not', 'npx mesh-shim check deploy/ --formt github'],
    ['an npm script that there is not', "npm run 'buidl'"],
    ['a test that there is not', 'npx vitest run test/unit/nothing.test.ts'],
    ['a file that there is not', 'kubectl apply -f nothing.yaml'],
    ['a program that nobody has', 'linkerd check'],
    ['a command of a cluster that there is not', 'kubectl gte pods'],
    ['a failure before the end of a pipe', 'kustomize build nowhere | cat'],
  ])('%s', async (_, code) => {
    expect((await runScript({ ...block, code: `${code}\n` })).code).not.toBe(0);
  });
});

it('each stand-in says why the program itself cannot run here', () => {
  expect(Object.keys(standIns).toSorted()).toEqual(Object.keys(whyNot).toSorted());
});
