import { existsSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { type PlannedVersion, pagesOf } from './plan.ts';

/** README files are the first pages of their folders. */
export const pageRewrites = {
  'README.md': 'index.md',
  ':folder(.*)/README.md': ':folder/index.md',
};

/** The page that a file becomes. */
export function pageOfFile(file: string): string {
  return file.replace(/(^|\/)README\.md$/, '$1index.md');
}

/** The pages are written for a reader of the repository. Here their comments go, and links to what is no page lead to the repository. */
export function markdownOfTheRepository(
  md: MarkdownRenderer,
  { name, tree, tag = 'main' }: PlannedVersion,
  repositoryUrl: string,
): void {
  md.core.ruler.before('normalize', 'comments', (state) => {
    state.src = state.src.replaceAll(/^<!--.*?-->$/gms, '');
  });
  md.core.ruler.after('inline', 'links-to-the-repository', (state) => {
    const { path: at } = state.env as { readonly path?: string };
    if (at === undefined) return; // a title, for the search
    const page = resolve(tree, relative(pagesOf(name), at));
    for (const token of state.tokens.flatMap(({ children }) => children ?? [])) {
      const target = token.attrGet('href');
      if (token.type !== 'link_open' || target === null || /^([a-z]+:|#|\/)/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const file = resolve(dirname(page), path);
      if (!existsSync(file) || path.endsWith('.md')) continue;
      const isFolder = statSync(file).isDirectory();
      if (isFolder && existsSync(resolve(file, 'README.md'))) {
        token.attrSet('href', `${path.replace(/\/$/, '')}/README.md${anchor === undefined ? '' : `#${anchor}`}`);
      } else token.attrSet('href', `${repositoryUrl}/${isFolder ? 'tree' : 'blob'}/${tag}/${relative(tree, file)}`);
    }
  });
  // The pages are no templates of Vue: braces are braces.
  for (const rule of ['text', 'code_inline'] as const) {
    const render = md.renderer.rules[rule];
    md.renderer.rules[rule] = (...given) => (render?.(...given) ?? '').replaceAll('{{', '&#123;&#123;');
  }
}
