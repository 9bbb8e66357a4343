import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type NativeArch, nativeTargets } from '../native/targets.ts';
import { BuildError } from '../run-command.ts';

interface Described {
  readonly digest: string;
  readonly platform?: { readonly architecture: string };
}

/** Unpacks the image of this machine from an OCI archive, and starts what is in it. @throws BuildError where it is not that version */
export function tryImage(archive: string, version: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-image-'));
  try {
    execFileSync('tar', ['-xf', archive, '-C', folder]);
    const blob = ({ digest }: Described): string => join(folder, 'blobs', digest.replace(':', '/'));
    const read = (path: string) =>
      JSON.parse(readFileSync(path, 'utf8')) as { manifests: Described[]; layers: Described[] };
    const [named] = read(join(folder, 'index.json')).manifests;
    const { docker } = nativeTargets[process.arch as NativeArch];
    const own = named && read(blob(named)).manifests.find(({ platform }) => platform?.architecture === docker);
    const [layer] = own ? read(blob(own)).layers : [];
    if (layer === undefined) throw new BuildError(`${archive} has no image for ${docker}`);
    const root = join(folder, 'root');
    mkdirSync(root);
    execFileSync('tar', ['-xzf', blob(layer), '-C', root]);
    const said = execFileSync(join(root, 'mesh-shim'), ['--version'], { encoding: 'utf8' });
    if (said !== `mesh-shim ${version}\n`) throw new BuildError(`the image of ${version} says ${JSON.stringify(said)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
