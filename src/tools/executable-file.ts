import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ToolError } from './tool.ts';

/** The machines that there are executables for, as Node names them. */
export type ExecutableArch = 'x64' | 'arm64';

/** The static executable for Linux in this package. @throws ToolError where this copy of the package has none */
export function executableFile(arch: ExecutableArch): string {
  const file = join(packageRoot(), 'dist', `linux-${arch}`, 'mesh-shim');
  if (existsSync(file)) return file;
  throw new ToolError(
    `${file} does not exist: this copy of the package has no executable for ${arch}; install the published package, ` +
      'or build it in a clone: npm run build:native',
  );
}

/** The folder of the package's own package.json: this code may lie in it as a source, or bundled. */
function packageRoot(): string {
  for (let folder = import.meta.dirname; dirname(folder) !== folder; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'mesh-shim') return folder;
  }
  throw new ToolError(`${import.meta.filename} is outside the package mesh-shim; install the package again`);
}
