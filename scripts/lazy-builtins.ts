import type { BuildOptions } from 'esbuild';

/**
 * Loads Node's own modules when the code that imports them runs. In one bundled module all imports are hoisted, and a
 * process that has nothing to do would load the sockets all the same.
 */
export const lazyBuiltins: Pick<BuildOptions, 'banner' | 'plugins'> = {
  // process.getBuiltinModule is there since Node 20.16.
  banner: {
    js: "const loadBuiltin = process.getBuiltinModule ?? (await import('node:module')).createRequire(import.meta.url);",
  },
  plugins: [
    {
      name: 'lazy-builtins',
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'builtin' }));
        onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
          contents: `module.exports = loadBuiltin(${JSON.stringify(path)});`,
        }));
      },
    },
  ],
};
