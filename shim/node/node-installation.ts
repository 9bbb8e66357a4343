import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Installation } from '../host.ts';

const bundleName = 'mesh-shim.cjs';

export const nodeInstallation: Installation = {
  executable: findBundle,
  programName: bundleName,
  readBytes(path) {
    try {
      return readFileSync(path, 'latin1');
    } catch {
      return undefined; // there is none, or not for us
    }
  },
  replaceFile(path, bytes, mode) {
    const partial = `${path}.partial-${process.pid}`;
    try {
      rmSync(partial, { force: true });
      const file = openSync(partial, 'wx', 0o600);
      try {
        writeFileSync(file, bytes, 'latin1');
        fchmodSync(file, mode);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(partial, path);
      return undefined;
    } catch (error) {
      rmSync(partial, { force: true });
      const { code, message } = error as NodeJS.ErrnoException;
      return code ?? message;
    }
  },
};

/** The file that runs alone: the npm package's own command needs others beside it, and the bundle is one of them. */
function findBundle(): string {
  const running = realpathSync(process.argv[1] as string);
  const bundle = join(dirname(running), bundleName);
  return existsSync(bundle) ? bundle : running;
}
