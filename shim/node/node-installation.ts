import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { Installation } from '../host.ts';

/** Copies the bundle that is running. */
export const nodeInstallation: Installation = {
  executable: () => realpathSync(process.argv[1] as string),
  programName: 'mesh-shim.cjs',
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
