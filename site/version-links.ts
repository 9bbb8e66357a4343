import type { DefaultTheme } from 'vitepress';
import type { SiteVersion } from './versions.ts';

/** The settings of the pages: which version they are, and which others there are. */
export interface VersionedTheme extends DefaultTheme.Config {
  readonly version: Pick<SiteVersion, 'label' | 'state'>;
  readonly versions: readonly (Pick<SiteVersion, 'label' | 'state'> & {
    /** Its path on the host. */
    readonly base: string;
  })[];
  /** What stands below the versions in their menu. */
  readonly more: readonly { readonly text: string; readonly link: string }[];
}

interface VersionedPage {
  readonly relativePath: string;
  readonly isNotFound?: boolean;
  /** Versions, by their labels, that have no such page. */
  readonly missingIn?: readonly string[];
}

export interface VersionLink {
  readonly label: string;
  readonly href: string;
  readonly state: SiteVersion['state'];
  /** The link leads to the same page, not to the first one. */
  readonly samePage: boolean;
}

/** Where a page is in each version. */
export function versionLinks({ versions }: VersionedTheme, page: VersionedPage): readonly VersionLink[] {
  const { relativePath, isNotFound = false, missingIn = [] } = page;
  const path = relativePath.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '.html');
  return versions.map(({ label, base, state }) => {
    const samePage = !isNotFound && !missingIn.includes(label);
    return { label, state, samePage, href: samePage ? base + path : base };
  });
}
