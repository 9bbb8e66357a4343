import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';

/** Where a Go module lies once it is fetched; Go checks it against its checksum database. */
export function moduleFolder(module: string): string {
  const result = spawnSync('go', ['mod', 'download', '-json', module], { cwd: tmpdir(), encoding: 'utf8' });
  if (result.error || result.status !== 0) {
    throw new Error(`go mod download ${module}: ${result.error?.message ?? result.stderr + result.stdout}`);
  }
  return (JSON.parse(result.stdout) as { Dir: string }).Dir;
}
