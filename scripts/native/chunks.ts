import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { BuildError } from '../run-command.ts';
import { common, type LazyModules, type Owners, ownModules, start } from './module-owners.ts';

/**
 * The scripts of a program: the first runs at once and never ends; each of the others is a function that is read when the first
 * one needs it.
 *
 * The sources import everything as usual. Here, what a script imports of a chunk's lazy modules becomes functions that read the
 * chunk and call its function of the same name, and what a chunk imports of the start is handed to it: no module is there twice.
 *
 * @throws BuildError where a lazy module exports what is not a function
 */
export async function makeScripts(entry: string, lazy: LazyModules): Promise<Buffer[]> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const options: BuildOptions = {
    bundle: true,
    format: 'iife',
    target: 'es2023',
    minify: true,
    logLevel: 'warning',
    define: { MESH_SHIM_VERSION: JSON.stringify(version) },
  };
  const owners = await ownModules(entry, lazy, options);
  /** What each script gives to others, as `path#name`. */
  const given = new Map<string, string[]>(owners.scripts.map((script) => [script, []]));
  for (const [chunk, paths] of Object.entries(lazy))
    for (const path of paths) given.get(chunk)?.push(...(await functionsOf(path)).map((name) => `${path}#${name}`));

  const texts = new Map<string, string>();
  // Who gives comes behind those who take: what is taken of it is known then.
  const givers = [...owners.scripts].sort((a, b) => rank(a) - rank(b));
  for (const script of givers) {
    const gifts = given.get(script) as string[];
    const contents = script === start ? giving(gifts, 'give = () => [', ']') : giving(gifts, 'gifts = [', ']');
    const plugins = [otherScripts(script, owners), virtualModule(giftsFirst, contents)];
    const imports = script === start ? [giftsFirst, `./${entry}`] : [giftsFirst];
    const stdin = { contents: imports.map((path) => `import '${path}';`).join(''), resolveDir: '.' };
    const { outputFiles } = await build({ ...options, stdin, plugins, write: false });
    const text = outputFiles[0]?.text as string;
    texts.set(script, text);
    for (const [, kind, key = ''] of text.matchAll(taken)) {
      const list = given.get(owners.of.get(pathIn(key)) as string) as string[];
      if (kind === 'take' && !list.includes(key)) list.push(key);
    }
  }
  const placed = (text: string): string =>
    text.replace(taken, (_, _kind, key: string) => {
      const owner = owners.of.get(pathIn(key)) as string;
      const place = given.get(owner)?.indexOf(key);
      return owner === start ? `ofStart[${place}]` : `chunk(${owners.scripts.indexOf(owner)})[${place}]`;
    });
  return owners.scripts.map((script) => {
    const text = placed(texts.get(script) as string);
    return Buffer.from(
      script === start ? `${beforeStart}${text}})()` : `((ofStart,chunk)=>{let gifts;${text}return gifts})`,
    );
  });
}

/** Around the start: reads a chunk once, and hands it what the start gives. */
const beforeStart = '(()=>{let give;const chunks=[],chunk=(place)=>chunks[place]??=system.chunk(place)(give(),chunk);';

const rank = (script: string): number => (script === start ? 2 : script === common ? 1 : 0);

/** How one script's text names what is another's until all are there. */
const taken = /\b(take|call)\("([^"]+)"\)/g;
const pathIn = (key: string): string => key.slice(0, key.indexOf('#'));

/** The start never ends: what it gives stands in a module before it. */
const giftsFirst = 'gifts-first';

function giving(gifts: readonly string[], before: string, after: string): string {
  const imports = gifts.map((key, place) => {
    const [path, name] = key.split('#');
    return `import { ${name} as gift${place} } from ${JSON.stringify(resolve(path as string))};\n`;
  });
  return `${imports.join('')}${before}${gifts.map((_, place) => `gift${place}`)}${after};\n`;
}

/** In the place of other scripts' modules: what calls or takes what they give. */
function otherScripts(script: string, owners: Owners): Plugin {
  return {
    name: 'other-scripts',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\.ts$/ }, ({ path, resolveDir, importer }) => {
        const found = resolve(resolveDir, path);
        // What is started is imported for its effects, whatever package.json says of the modules.
        if (importer === '<stdin>') return { path: found, sideEffects: true };
        const known = relative('.', found);
        const owner = owners.of.get(known);
        return owner === undefined || owner === script
          ? undefined
          : { path: known, namespace: 'other', sideEffects: false };
      });
      onLoad({ filter: /.*/, namespace: 'other' }, async ({ path }) => {
        const owner = owners.of.get(path) as string;
        const isLate = owner !== start && owner !== common;
        const lines = (await exportsOf(path)).map((name) => {
          const key = JSON.stringify(`${path}#${name}`);
          return isLate
            ? `export function ${name}(...words) { return call(${key})(...words); }`
            : `export const ${name} = /* @__PURE__ */ take(${key});`;
        });
        return { contents: lines.join('\n') };
      });
    },
  };
}

function virtualModule(name: string, contents: string): Plugin {
  return {
    name,
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: name }));
      onLoad({ filter: /.*/, namespace: name }, () => ({ contents, resolveDir: '.' }));
    },
  };
}

async function exportsOf(path: string): Promise<string[]> {
  const { metafile } = await build({ entryPoints: [path], bundle: true, format: 'esm', write: false, metafile: true });
  return Object.values(metafile.outputs)[0]?.exports ?? [];
}

async function functionsOf(path: string): Promise<string[]> {
  const names = await exportsOf(path);
  const text = readFileSync(path, 'utf8');
  const other = names.find((name) => !new RegExp(`^export (?:async )?function ${name}\\b`, 'm').test(text));
  if (other !== undefined) throw new BuildError(`${path} is read late, and exports ${other}, which is not a function`);
  return names;
}
