import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bytecodeCompiler, projectWorkshop } from '../../scripts/native/engine.ts';
import { nativeArchs } from '../../scripts/native/targets.ts';
import { executable } from './executables.ts';

const read = (...args: string[]): string => {
  const result = spawnSync(args[0] as string, args.slice(1), { encoding: 'utf8', maxBuffer: 64 << 20 });
  expect(result.status, result.stderr).toBe(0);
  return result.stdout;
};

describe.each(nativeArchs)('the executable for %s, as a file', (arch) => {
  const path = executable(arch);
  const headers = read('readelf', '--wide', '--file-header', '--program-headers', '--dynamic', path);

  it('is one static, position-independent program of at most 600 KB, without symbols', () => {
    expect(headers).toMatch(/Type:\s+DYN \(Position-Independent Executable file\)/);
    expect(headers).toContain(arch === 'x64' ? 'X86-64' : 'AArch64');
    expect(headers).not.toContain('INTERP');
    expect(headers).not.toContain('(NEEDED)');
    // What it relocates itself is packed: not 24 bytes for each place.
    expect(headers).toContain('(RELR)');
    expect(headers).not.toContain('(RELA)');
    expect(statSync(path).size).toBeLessThanOrEqual(600_000);
    expect(read('readelf', '--sections', '--wide', path)).not.toMatch(/\.symtab|\.debug/);
  });

  it('has full RELRO, no executable stack, and nothing that is writable and executable', () => {
    expect(headers).toContain('GNU_RELRO');
    expect(headers).toMatch(/BIND_NOW|FLAGS_1.*NOW/);
    expect(headers).toMatch(/GNU_STACK.* RW /);
    expect(headers).not.toMatch(/ RWE /);
    expect(headers).not.toContain('TEXTREL');
  });

  it('has neither the parser of JavaScript nor the compiler of regular expressions', async () => {
    // What the linker merged into others has no name, but its messages would be there.
    const texts = readFileSync(path, 'latin1');
    const withParser = readFileSync(await bytecodeCompiler(await projectWorkshop()), 'latin1');
    for (const message of [/invalid group name/, /from clause expected/]) {
      expect(withParser).toMatch(message);
      expect(texts).not.toMatch(message);
    }
  }, 600_000);
});
