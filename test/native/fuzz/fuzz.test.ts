import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleFor, compileBundle } from '../../../scripts/native/bytecode.ts';
import { engineSources, hostFolder, hostSources, readHostSources, shortHash } from '../../../scripts/native/sources.ts';
import { nativeCache, prepareToolchain, run } from '../../../scripts/native/toolchain.ts';

const durationMs = 20_000;
const hasCompiler = spawnSync('gcc', ['--version']).status === 0;

/** Engine, host and readers as they are shipped, but with every access to memory and every sum checked. */
async function buildChecked(): Promise<string> {
  const toolchain = prepareToolchain();
  const bundle = join(nativeCache, 'fuzz.js');
  await bundleFor('test/native/fuzz/start.ts', bundle);
  const folder = join(nativeCache, 'fuzz', shortHash([toolchain.engine, readFileSync(bundle), ...readHostSources()]));
  const program = join(folder, 'fuzz');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  compileBundle(bundle, folder, toolchain);
  const checked = ['-O1', '-g', '-w', '-D_GNU_SOURCE', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
  const objects = [
    ...engineSources.map((name) => join(toolchain.engine, name)),
    ...hostSources.map((name) => join(hostFolder, name)),
  ].map((source) => {
    const engineOnly = source.startsWith(toolchain.engine);
    const key = engineOnly
      ? join(nativeCache, 'fuzz', shortHash([source, ...checked]))
      : join(folder, shortHash([source]));
    if (!existsSync(`${key}.o`)) {
      run('gcc', [...checked, `-I${toolchain.engine}`, `-I${folder}`, '-c', source, '-o', `${key}.o`], source);
    }
    return `${key}.o`;
  });
  run('gcc', [...checked, ...objects, '-o', program, '-lm'], 'fuzz program');
  return program;
}

describe.skipIf(!hasCompiler)('readers under the address and undefined-behaviour sanitizers (needs gcc)', () => {
  let program: string;
  const samples = readdirSync('test/fixtures/sidecar').map((name) => join('test/fixtures/sidecar', name));
  beforeAll(async () => {
    program = await buildChecked();
  }, 600_000);

  it('survive mutated answers, in a bounded heap', () => {
    const seed = String(Date.now() % 1_000_000);
    const env = { ASAN_OPTIONS: 'detect_leaks=0' };
    const result = spawnSync(program, [String(durationMs), seed, ...samples], { encoding: 'utf8', env });
    expect({ status: result.status, stderr: result.stderr }, `seed ${seed}`).toEqual({ status: 0, stderr: '' });
    expect(Number.parseInt(result.stdout, 10)).toBeGreaterThan(10);
  });
});

it.runIf(!hasCompiler)('no sanitizer run here: install gcc', () => {});
