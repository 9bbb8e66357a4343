import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import type { UserConfig } from 'vitepress';
import { builtOf, readPlan, repository, versionNamed } from './plan.ts';
import { markdownOfTheRepository, pageRewrites } from './repository-markdown.ts';
import { pageOf, sidebarOf } from './sidebar.ts';
import type { VersionedTheme } from './version-links.ts';

const { repository: source } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
  repository: { url: string };
};
const repositoryUrl = source.url.replace(/^git\+/, '').replace(/\.git$/, '');

/** Where the site lies below its host, with a slash at both ends. */
const siteBase = process.env.SITE_BASE ?? '/';

/** How VitePress makes the site of one version. */
export function vitepressConfig(name: string): UserConfig<VersionedTheme> {
  const version = versionNamed(name);
  const plan = readPlan();
  const base = siteBase + version.folder;
  // The files as they are may be those of a release.
  const [current] = plan;
  const listed = plan.filter(({ label }, index) => index === 0 || label !== current?.label);
  return {
    title: 'mesh-shim',
    titleTemplate: `:title | mesh-shim ${version.label}`,
    description:
      'Starts an app when its service-mesh sidecar really carries traffic, and lets the sidecar go when the app ends.',
    lang: 'en',
    base,
    outDir: builtOf(name),
    rewrites: pageRewrites,
    cleanUrls: false,
    lastUpdated: false,
    // The search has the pages in the order in which they were read: one after the other, it is always the same.
    buildConcurrency: 1,
    head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}favicon.svg` }]],
    // What is released cannot be mended.
    ignoreDeadLinks: version.tag === undefined ? 'localhostLinks' : true,
    markdown: {
      html: false,
      linkify: false,
      config: (md) => markdownOfTheRepository(md, version, repositoryUrl),
      // On a machine that is busy a line of code would lose its colours after half a second.
      shikiSetup(shiki) {
        const { codeToHtml } = shiki;
        shiki.codeToHtml = (code, options) => codeToHtml(code, { ...options, tokenizeTimeLimit: 0 });
      },
    },
    themeConfig: {
      search: { provider: 'local' },
      nav: [
        ...[
          { text: 'Playground', link: '/playground' },
          { text: 'The shim', link: '/docs/shim' },
          { text: 'Checker', link: '/docs/check' },
        ].filter(({ link }) => version.pages.includes(pageOf(link))),
        { component: 'VersionMenu' },
      ],
      sidebar: sidebarOf(version),
      socialLinks: [{ icon: 'github', link: repositoryUrl }],
      version: { label: version.label, state: version.state },
      versions: listed.map(({ label, folder, state }) => ({ label, base: siteBase + folder, state })),
      more: [
        { text: 'Changelog', link: '/CHANGELOG' },
        { text: 'Support', link: '/docs/compatibility' },
      ].filter(({ link }) => version.pages.includes(pageOf(link))),
    },
    transformPageData: ({ relativePath }) => ({
      missingIn: listed.filter(({ pages }) => !pages.includes(relativePath)).map(({ label }) => label),
    }),
    transformHtml: withPolicy,
    vite: {
      publicDir: resolve(import.meta.dirname, 'public'),
      resolve: {
        alias: [{ find: 'node:util', replacement: resolve(import.meta.dirname, 'playground/node-util.ts') }],
      },
      worker: { format: 'es' },
    },
  };
}

/** No page may ask another host or run what is not its own: the scripts that VitePress writes into a page are named by their hashes. */
function withPolicy(code: string): string {
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
}
