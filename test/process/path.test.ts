import { resolve } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it } from 'vitest';
import { executablePath, nativeArchs, nativeTargets } from '../../scripts/native/targets.ts';
import { runTool } from '../helpers/run-tool.ts';
import { executable } from '../native/executables.ts';

describe('path', () => {
  beforeAll(() => {
    for (const arch of nativeArchs) executable(arch);
  });

  it.each(nativeArchs)('finds the executable for %s, by its name in Docker as well', async (arch) => {
    const expected = { code: 0, stdout: `${resolve(executablePath(arch))}\n`, stderr: '' };
    expect(await runTool(['path', '--arch', arch])).toEqual(expected);
    expect(await runTool(['path', `--arch=${nativeTargets[arch].docker}`])).toEqual(expected);
    if (arch === process.arch) expect(await runTool(['path'])).toEqual(expected);
  });

  it('refuses a machine that there is no executable for, naming those that there are', async () => {
    const { code, stdout, stderr } = await runTool(['path', '--arch', 's390x']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      'mesh-shim path: --arch: unknown architecture "s390x"; use x64, amd64, x86_64, arm64, aarch64\n',
    );
    expect(await runTool(['path', 'arm64'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('says what it does', async () => {
    const { code, stdout } = await runTool(['path', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('--arch ARCH');
  });
});
