import { tmpdir } from 'node:os';
import { runGo } from '../run-go.ts';

/**
 * Where a Go module lies once it is fetched; Go checks it against its checksum database.
 *
 * @throws BuildError
 */
export function moduleFolder(module: string): string {
  return (JSON.parse(runGo(['mod', 'download', '-json', module], { cwd: tmpdir() })) as { Dir: string }).Dir;
}
