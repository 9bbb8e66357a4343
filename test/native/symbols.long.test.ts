import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { makeExecutables } from '../../scripts/native/executables.ts';

it('the twins with symbols have a stack protector, and neither the parser of JavaScript nor the compiler of regular expressions', async () => {
  for (const { arch, path } of await makeExecutables({ symbols: true })) {
    const { status, stdout, stderr } = spawnSync('nm', [path], { encoding: 'utf8', maxBuffer: 64 << 20 });
    expect(status, stderr).toBe(0);
    expect(stdout, arch).toContain('__stack_chk_fail');
    // The names are those of the engine: the bytecode's interpreter is there, so they would be, too.
    expect(stdout, arch).toContain('JS_CallInternal');
    expect(stdout).not.toMatch(/__JS_EvalInternal|js_parse_(program|statement|expr|function)|lre_compile|lre_exec/);
  }
}, 900_000);
