/** One step of one version: `node site/build-version.ts pages|site NAME`. build.ts has written the plan. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { build } from 'vitepress';
import { writeApiReference } from './api-reference.ts';
import { copyPages } from './copy-pages.ts';
import { pagesOf, versionNamed } from './plan.ts';

const [step, name] = process.argv.slice(2);
const version = versionNamed(name);
const pages = pagesOf(version.name);

if (step === 'pages') {
  copyPages(version, pages);
  await writeApiReference(version.tree, pages);
} else {
  // Each is a site of its own for VitePress, which keeps files beside the configuration while it builds.
  const own = join(pages, '.vitepress');
  mkdirSync(join(own, 'theme'), { recursive: true });
  writeFileSync(
    join(own, 'config.ts'),
    `import { vitepressConfig } from '../../../vitepress-config.ts';\nexport default vitepressConfig('${version.name}');\n`,
  );
  writeFileSync(join(own, 'theme/index.ts'), "export { default } from '../../../../theme/index.ts';\n");
  await build(pages);
}
