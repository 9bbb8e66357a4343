import { createRequire } from 'node:module';
import type { Plugin } from 'esbuild';

const require = createRequire(import.meta.url);

/** Loaded, these cost a start more than the whole library; `net`, `http` and `tls` alone take 10 to 20 ms together. */
const slow = /^node:(?:http|https|http2|net|tls|dns|stream|tty|cluster|worker_threads|child_process)$/;

/**
 * Modules of Node's that take time to load are loaded when a name of theirs is first used, not when the library is imported.
 * The sources go on importing them as usual.
 */
export const lazyNodeModules: Plugin = {
  name: 'lazy-node-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: slow }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'lazy-node-module' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'lazy-node-module' }, ({ path }) => ({
      contents: `
        let loaded;
        const load = () => (loaded ??= process.getBuiltinModule(${JSON.stringify(path)}));
        for (const name of ${JSON.stringify(Object.keys(require(path)))}) {
          Object.defineProperty(exports, name, { enumerable: true, get: () => load()[name] });
        }`,
    }));
  },
};
