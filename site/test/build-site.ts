import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

/** Builds the site of a repository, as `npm run site` does. */
export function buildSite(repository: string, base: string) {
  return spawnSync(process.execPath, [join(repository, 'site/build.ts')], {
    cwd: repository,
    encoding: 'utf8',
    env: { ...process.env, SITE_BASE: base },
  });
}
