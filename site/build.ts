/** Builds the site into site/dist: `npm run site`. SITE_BASE is the path below which it will lie, with a slash at both ends (default: /). */
import { build } from 'vitepress';
import { writeApiReference } from './api-reference.ts';
import { copyPages } from './copy-pages.ts';

copyPages();
await writeApiReference();
await build(import.meta.dirname);
