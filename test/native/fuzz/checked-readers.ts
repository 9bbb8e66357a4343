import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect } from 'vitest';
import { compileScripts } from '../../../scripts/native/bytecode.ts';
import { makeScripts } from '../../../scripts/native/chunks.ts';
import { bytecodeCompiler, compileEngine, projectWorkshop } from '../../../scripts/native/engine.ts';
import { engineSources, hostFolder, hostSources, readHostSources, shortHash } from '../../../scripts/native/sources.ts';
import type { NativeArch } from '../../../scripts/native/targets.ts';
import { onEachCore, runCommand } from '../../../scripts/run-command.ts';
import { fuzzSeed } from '../../helpers/fuzz-seed.ts';

export const hasCompiler = spawnSync('gcc', ['--version']).status === 0;

const checked = ['-O1', '-g', '-w', '-D_GNU_SOURCE', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];

/** Engine, host and readers as they are shipped, but with every access to memory and every sum checked; the program's path. */
export async function buildCheckedReaders(): Promise<string> {
  const workshop = await projectWorkshop();
  const { toolchain, cache } = workshop;
  const scripts = await makeScripts('test/native/fuzz/start.ts', {});
  const folder = join(cache, 'fuzz', shortHash([toolchain.id, ...scripts, ...readHostSources()]));
  const program = join(folder, 'fuzz');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  await compileEngine([process.arch as NativeArch], workshop);
  await compileScripts(scripts, await bytecodeCompiler(workshop), folder);
  const engineFolder = join(cache, 'fuzz', shortHash([toolchain.id, ...checked]));
  mkdirSync(engineFolder, { recursive: true });
  const sources = [
    ...engineSources.map((name) => ({ source: join(toolchain.engine, name), object: join(engineFolder, `${name}.o`) })),
    ...hostSources.map((name) => ({ source: join(hostFolder, name), object: join(folder, `${name}.o`) })),
  ];
  await onEachCore(sources, async ({ source, object }) => {
    if (existsSync(object)) return;
    const partial = `${object}.partial-${process.pid}`;
    const include = [`-I${toolchain.engine}`, `-I${folder}`];
    await runCommand('gcc', [...checked, ...include, '-c', source, '-o', partial], source);
    renameSync(partial, object);
  });
  const objects = sources.map(({ object }) => object);
  await runCommand('gcc', [...checked, ...objects, '-o', `${program}.partial`, '-lm'], 'fuzz program');
  renameSync(`${program}.partial`, program);
  return program;
}

/** Feeds that many mutated answers of sidecars to the readers; they are the same ones for the same seed. */
export function expectToSurvive(program: string, rounds: number): void {
  const samples = readdirSync('test/fixtures/sidecar')
    .toSorted()
    .map((name) => join('test/fixtures/sidecar', name));
  const env = { ASAN_OPTIONS: 'detect_leaks=0' };
  const result = spawnSync(program, [String(rounds), String(fuzzSeed), ...samples], { encoding: 'utf8', env });
  const { status, stdout, stderr } = result;
  const hint = `TEST_SEED=${fuzzSeed} repeats it`;
  expect({ status, stdout, stderr }, hint).toEqual({ status: 0, stdout: `${rounds} rounds\n`, stderr: '' });
}
