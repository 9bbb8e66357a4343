import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import type { PlannedVersion } from './plan.ts';

/** Pages of docs/, by what they are about. */
const groups = {
  start: ['compatibility'],
  shim: ['shim', 'into-pods', 'meshes', 'native'],
  library: [
    ...['wait', 'http', 'http-recipes', 'connections', 'health'],
    ...['lifecycle', 'ports', 'telemetry', 'options', 'imports'],
  ],
  tools: [
    ...['check', 'how-sure', 'ci', 'istioctl-analyze', 'wrap'],
    ...['migrate', 'image', 'explain', 'troubleshooting', 'commands'],
  ],
};

/** What a version has of the pages above; what it has besides stands at the end. */
export function sidebarOf({ tree, pages }: PlannedVersion): DefaultTheme.SidebarItem[] {
  const isThere = ({ link }: { readonly link: string }) => pages.includes(pageOf(link));
  const items = (names: readonly string[]) =>
    names
      .map((name) => ({ name, link: `/docs/${name}` }))
      .filter(isThere)
      .map(({ name, link }) => ({ text: titleOf(tree, name), link }));
  const listed = Object.values(groups).flat();
  const others = pages
    .flatMap((page) => /^docs\/([^/]+)\.md$/.exec(page)?.[1] ?? [])
    .filter((name) => name !== 'index' && !listed.includes(name));
  const rules = pages.flatMap((page) => /^docs\/rules\/([^/]+)\.md$/.exec(page)?.[1] ?? []);
  const rulesGroup = {
    text: 'Rules',
    link: '/docs/rules/',
    collapsed: true,
    items: rules.filter((name) => name !== 'index').map((text) => ({ text, link: `/docs/rules/${text}` })),
  };
  const sidebar = [
    {
      text: 'Start',
      items: [
        { text: 'Do I need this?', link: '/' },
        { text: 'Playground', link: '/playground' },
        ...items(groups.start),
      ],
    },
    { text: 'The shim', items: items(groups.shim) },
    { text: 'The library', items: [...items(groups.library), { text: 'API reference', link: '/api/' }] },
    { text: 'The tools', items: [...items(groups.tools), rulesGroup] },
    {
      text: 'The project',
      items: [
        ...items(others),
        { text: 'Architecture', link: '/ARCHITECTURE' },
        { text: 'Security', link: '/SECURITY' },
        { text: 'Changelog', link: '/CHANGELOG' },
      ],
    },
  ];
  return sidebar
    .map((group) => ({ ...group, items: group.items.filter(isThere) }))
    .filter((group) => group.items.length > 0);
}

/** The page that a link without an ending leads to. */
export function pageOf(link: string): string {
  return `${link.slice(1)}${link.endsWith('/') ? 'index' : ''}.md`;
}

function titleOf(tree: string, name: string): string {
  const [, title = name] = /^# (.+)$/m.exec(readFileSync(join(tree, 'docs', `${name}.md`), 'utf8')) ?? [];
  return title.replaceAll('`', '');
}
