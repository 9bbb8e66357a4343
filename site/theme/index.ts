import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import { h } from 'vue';
import Playground from './mesh-playground.vue';
import VersionMenu from './version-menu.vue';
import VersionNote from './version-note.vue';

export default {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, null, { 'doc-before': () => h(VersionNote) }),
  enhanceApp({ app }) {
    app.component('Playground', Playground);
    app.component('VersionMenu', VersionMenu);
  },
} satisfies Theme;
