import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { createPackageApp, type PackageApp, repository } from './package-app.ts';

/** An example in a folder of its own, as a team copies it, with the package as it is packed and the packages of this repository. */
export function copyExample(name: string): PackageApp {
  const app = createPackageApp(join(repository, 'node_modules'));
  cpSync(join(repository, 'examples', name), app.folder, { recursive: true });
  return app;
}
