import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fetchOnce } from '../fetch-once.ts';
import { runCommand } from '../run-command.ts';
import { type SidecarProgram, type SidecarProgramName, sidecarBinary, sidecarPrograms } from './programs.ts';

/**
 * Builds a sidecar in a copy of its module's folder, where its own go.mod holds with all that it replaces: `go install` refuses
 * such modules. The module is checked against go.sum here, and what it needs against its own.
 *
 * @throws BuildError
 */
export async function buildSidecar(name: SidecarProgramName): Promise<void> {
  const program: SidecarProgram = sidecarPrograms[name];
  const binary = sidecarBinary(name);
  const isThere = () => existsSync(binary);
  await fetchOnce(dirname(binary), isThere, async (partial) => {
    const here = import.meta.dirname;
    const { stdout } = await runCommand('go', ['mod', 'download', '-C', here, '-json', program.module], name);
    const { Dir: folder } = JSON.parse(stdout) as { Dir: string };
    const copy = join(partial, 'source');
    // Go keeps its modules where nothing can be written.
    await runCommand('cp', ['-r', '--no-preserve=mode', folder, copy], name);
    for (const [file, by] of Object.entries(program.replaced)) copyFileSync(join(here, by), join(copy, file));
    const flags = ['-trimpath', '-buildvcs=false', '-o', join(partial, name)];
    await runCommand('go', ['build', '-C', copy, ...flags, program.package], name);
    rmSync(copy, { recursive: true });
  });
}
