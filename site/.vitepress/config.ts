import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { defineConfig } from 'vitepress';
import { pagesFolder } from '../copy-pages.ts';
import { markdownOfTheRepository, pageRewrites, rulesSidebar } from './pages.ts';

const root = resolve(import.meta.dirname, '../..');
const { version, repository } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
  version: string;
  repository: { url: string };
};
const repositoryUrl = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');

/** Where the site lies below its host, with a slash at both ends. */
const base = process.env.SITE_BASE ?? '/';

export default defineConfig({
  title: 'mesh-shim',
  description:
    'Starts an app when its service-mesh sidecar really carries traffic, and lets the sidecar go when the app ends.',
  lang: 'en',
  base,
  srcDir: pagesFolder,
  outDir: resolve(import.meta.dirname, '../dist'),
  rewrites: pageRewrites,
  cleanUrls: false,
  lastUpdated: false,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}favicon.svg` }]],
  ignoreDeadLinks: 'localhostLinks',
  markdown: {
    html: false,
    linkify: false,
    config: (md) => markdownOfTheRepository(md, { root, repositoryUrl }),
  },
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Playground', link: '/playground' },
      { text: 'The shim', link: '/docs/shim' },
      { text: 'Checker', link: '/docs/check' },
      {
        text: version,
        items: [
          { text: 'Changelog', link: '/CHANGELOG' },
          { text: 'Support', link: '/docs/compatibility' },
        ],
      },
    ],
    sidebar: [
      {
        text: 'Start',
        items: [
          { text: 'Do I need this?', link: '/' },
          { text: 'Playground', link: '/playground' },
          { text: 'Compatibility', link: '/docs/compatibility' },
        ],
      },
      {
        text: 'The shim',
        items: [
          { text: 'Commands and options', link: '/docs/shim' },
          { text: 'Into pods', link: '/docs/into-pods' },
          { text: 'Meshes', link: '/docs/meshes' },
          { text: 'The executable', link: '/docs/native' },
        ],
      },
      {
        text: 'The library',
        items: [
          'wait',
          'http',
          'http-recipes',
          'connections',
          'health',
          'lifecycle',
          'ports',
          'telemetry',
          'options',
          'imports',
        ]
          .map((page) => ({ text: titleOf(page), link: `/docs/${page}` }))
          .concat({ text: 'API reference', link: '/api/' }),
      },
      {
        text: 'The tools',
        items: [
          ...[
            'check',
            'how-sure',
            'ci',
            'istioctl-analyze',
            'wrap',
            'migrate',
            'image',
            'explain',
            'troubleshooting',
            'commands',
          ].map((page) => ({
            text: titleOf(page),
            link: `/docs/${page}`,
          })),
          rulesSidebar(root),
        ],
      },
      {
        text: 'The project',
        items: [
          { text: 'Architecture', link: '/ARCHITECTURE' },
          { text: 'Security', link: '/SECURITY' },
          { text: 'Changelog', link: '/CHANGELOG' },
        ],
      },
    ],
    socialLinks: [{ icon: 'github', link: repositoryUrl }],
  },
  /** No page may ask another host or run what is not its own: the scripts that VitePress writes into a page are named by their hashes. */
  transformHtml(code) {
    const hashes = [...code.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
      ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
    );
    const policy = [
      "default-src 'none'",
      `script-src 'self' ${[...new Set(hashes)].join(' ')}`,
      // Vue, the highlighter and the editor set styles of elements.
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "worker-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; ');
    return code.replace('<head>', `<head>\n<meta http-equiv="Content-Security-Policy" content="${policy}">`);
  },
  vite: {
    publicDir: resolve(import.meta.dirname, '../public'),
    resolve: {
      alias: [{ find: 'node:util', replacement: resolve(import.meta.dirname, '../playground/node-util.ts') }],
    },
    worker: { format: 'es' },
  },
});

function titleOf(page: string): string {
  const [, title = page] = /^# (.+)$/m.exec(readFileSync(resolve(root, 'docs', `${page}.md`), 'utf8')) ?? [];
  return title.replaceAll('`', '');
}
