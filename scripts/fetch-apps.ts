/**
 * Gets what the package is tried with: `node scripts/fetch-apps.ts`. It is named in test/package/apps/ and installed apart
 * from what builds and tests this repository, for it holds other versions of the same.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fetchOnce } from './fetch-once.ts';
import { reportBuildErrors, runCommand } from './run-command.ts';

const named = 'test/package/apps';
const files = ['package.json', 'package-lock.json'];

/** The folder `node_modules` that holds them; what is there already takes no time. */
export async function fetchApps(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(join(named, file)));
  const folder = resolve('.cache', `apps-${hash.digest('hex').slice(0, 12)}`);
  await fetchOnce(
    folder,
    () => existsSync(folder),
    async (partial) => {
      process.stderr.write('installing what the package is tried with\n');
      for (const file of files) copyFileSync(join(named, file), join(partial, file));
      const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
      await runCommand('npm', ['ci', '--prefix', partial, ...options], 'what the package is tried with');
    },
  );
  return join(folder, 'node_modules');
}

if (import.meta.main) await reportBuildErrors(async () => void (await fetchApps()));
