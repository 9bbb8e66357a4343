import { type BuildOptions, build } from 'esbuild';

/** The modules that are read late, by chunk. */
export type LazyModules = Readonly<Record<string, readonly string[]>>;

/** The first script, and the chunk of what several others need and the first does not. */
export const start = 'start';
export const common = 'common';

/** Which script each module is in; each is in one, so that what it keeps (state, classes) is there once. */
export interface Owners {
  /** The start, the common chunk, the others. */
  readonly scripts: readonly string[];
  /** By the module's path. */
  readonly of: ReadonlyMap<string, string>;
}

export async function ownModules(entry: string, lazy: LazyModules, options: BuildOptions): Promise<Owners> {
  const { metafile } = await build({ ...options, entryPoints: [entry], write: false, metafile: true });
  const importsOf = (path: string) => (metafile.inputs[path]?.imports ?? []).map((one) => one.path);
  const boundaries = new Set(Object.values(lazy).flat());
  /** All that these modules import, and what that imports; a lazy module and what is known already end it. */
  const reach = (paths: readonly string[], known: { has(path: string): boolean }): Set<string> => {
    const reached = new Set<string>();
    const left = [...paths];
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      if (reached.has(path) || known.has(path)) continue;
      reached.add(path);
      left.push(...importsOf(path).filter((imported) => !boundaries.has(imported)));
    }
    return reached;
  };

  const of = new Map<string, string>([...reach([entry], new Set())].map((path) => [path, start]));
  const inStart = new Set(of.keys());
  for (const [chunk, modules] of Object.entries(lazy))
    for (const path of reach(modules, inStart)) of.set(path, of.has(path) ? common : chunk);
  const scripts = [start, common, ...Object.keys(lazy)];
  return { scripts: scripts.filter((script) => [...of.values()].includes(script)), of };
}
