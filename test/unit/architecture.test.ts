import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { transformSync } from 'esbuild';
import { parseAst } from 'rolldown/parseAst';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

interface Node {
  type: string;
  [key: string]: unknown;
}

/** A source of ours: what it imports, as paths from the root (packages by their name), and its syntax without types. */
interface Source {
  path: string;
  lines: number;
  imports: string[];
  nodes: Node[];
}

function nodesOf(value: unknown, into: Node[] = []): Node[] {
  if (Array.isArray(value)) for (const item of value) nodesOf(item, into);
  else if (typeof value === 'object' && value !== null) {
    if (typeof (value as Node).type === 'string') into.push(value as Node);
    for (const child of Object.values(value)) nodesOf(child, into);
  }
  return into;
}

function parse(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  // Imports of types count, too: what is only a type today is a value tomorrow.
  const withTypeImports = text.replaceAll(/^(?:import|export) [^;=]*? from /gm, (statement) =>
    statement.replaceAll(/\btype /g, ''),
  );
  const { code } = transformSync(text, { loader: 'ts', charset: 'utf8', target: 'esnext' });
  const all = transformSync(withTypeImports, {
    loader: 'ts',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  const imports = nodesOf(parseAst(all.code))
    .map(({ source }) => (source as { value?: unknown } | null | undefined)?.value)
    .filter((value) => typeof value === 'string')
    .map((value) => (value.startsWith('.') ? relative(root, join(root, dirname(path), value)) : value));
  return { path, lines: text.split('\n').length - 1, imports, nodes: nodesOf(parseAst(code)) };
}

const sources = ['src', 'shim'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => parse(join(folder, name))),
);
const mesh = sources.filter(({ path }) => path.startsWith('src/mesh/'));
const shimCore = sources.filter(({ path }) => path.startsWith('shim/') && path.split('/').length === 2);
const core = [...mesh, ...shimCore];

/** Each import that leads elsewhere than to one of the folders. */
const strayImports = (from: readonly Source[], allowed: (target: string) => boolean): string[] =>
  from.flatMap(({ path, imports }) =>
    imports.filter((target) => !allowed(target)).map((target) => `${path}: ${target}`),
  );

describe('who may import whom', () => {
  it('sees the imports, those of types as well', () => {
    const wait = sources.find(({ path }) => path === 'shim/wait.ts');
    expect(wait?.imports).toContain('src/mesh/wait.ts');
    expect(wait?.imports).toContain('shim/options.ts');
  });

  it('src/mesh imports nothing outside itself', () => {
    expect(mesh.length).toBeGreaterThan(10);
    expect(strayImports(mesh, (target) => target.startsWith('src/mesh/'))).toEqual([]);
  });

  it('the core of the shim imports src/mesh and itself', () => {
    expect(shimCore.length).toBeGreaterThan(10);
    const itself = new Set(shimCore.map(({ path }) => path));
    expect(strayImports(shimCore, (target) => target.startsWith('src/mesh/') || itself.has(target))).toEqual([]);
  });

  it('the shim on Node imports the sockets beside them, and no HTTP client of Node', () => {
    const node = sources.filter(({ path }) => path.startsWith('shim/node/'));
    const allowed = ['shim/', 'src/mesh/', 'src/sockets/', 'node:'];
    const slow = ['node:http', 'node:https', 'node:http2', 'undici'];
    expect(node.length).toBeGreaterThan(3);
    expect(
      strayImports(node, (target) => allowed.some((start) => target.startsWith(start)) && !slow.includes(target)),
    ).toEqual([]);
  });

  it.each([
    ['sockets', ['src/mesh/', 'node:']],
    ['wait', ['src/sockets/', 'src/mesh/', 'node:']],
    ['http', ['src/mesh/', 'node:', 'undici']],
    ['connect', ['src/sockets/', 'src/mesh/', 'node:', 'p-retry']],
    ['health', ['src/mesh/', 'node:']],
    ['lifecycle', ['src/health/', 'src/mesh/', 'node:']],
    ['check', ['src/mesh/', 'node:', 'yaml']],
  ])('src/%s imports itself, what all of the library shares, and %j', (folder, others) => {
    const own = sources.filter(({ path }) => path.startsWith(`src/${folder}/`));
    const shared = ['src/options/', 'src/logger.ts', 'src/pause.ts', 'src/failure-text.ts'];
    const allowed = [`src/${folder}/`, ...shared, ...others];
    expect(own.length).toBeGreaterThan(0);
    expect(strayImports(own, (target) => allowed.some((start) => target.startsWith(start)))).toEqual([]);
  });

  it('the library never imports the shim', () => {
    const library = sources.filter(({ path }) => path.startsWith('src/'));
    expect(strayImports(library, (target) => !target.startsWith('shim/'))).toEqual([]);
  });

  it('nobody imports itself, in no roundabout way', () => {
    const importsOf = new Map(sources.map(({ path, imports }) => [path, imports]));
    const cycles: string[] = [];
    const done = new Set<string>();
    const visit = (path: string, way: readonly string[]): void => {
      if (way.includes(path)) cycles.push([...way.slice(way.indexOf(path)), path].join(' -> '));
      if (done.has(path) || way.includes(path)) return;
      for (const target of importsOf.get(path) ?? []) visit(target, [...way, path]);
      done.add(path);
    };
    for (const { path } of sources) visit(path, []);
    expect(cycles).toEqual([]);
  });
});

describe('the core runs on a bare engine', () => {
  /** What is not linked into the static executable, or differs there. */
  const missing = [
    'Date',
    'eval',
    'Function',
    'RegExp',
    'Intl',
    'WebAssembly',
    'require',
    'process',
    'Buffer',
    'console',
  ];

  it.each(core.map((source) => [source.path, source] as const))('%s', (_, { nodes }) => {
    const found = nodes.flatMap((node) => {
      if (node.type === 'Literal' && node.regex) return [`the RegExp literal ${String(node.raw)}`];
      if (node.type === 'ImportExpression') return ['a dynamic import'];
      // `.name` and `name:` are names of members, not of globals.
      const names = nodes.filter(
        (other) => other.type === 'MemberExpression' && !other.computed && other.property === node,
      );
      const keys = nodes.filter((other) => other.type === 'Property' && !other.computed && other.key === node);
      const isGlobal = node.type === 'Identifier' && missing.includes(String(node.name));
      return isGlobal && names.length + keys.length === 0 ? [String(node.name)] : [];
    });
    expect(found).toEqual([]);
  });

  it('its texts are ASCII: byte strings stay byte strings, and every terminal shows them', () => {
    const isAscii = (text: string) => [...text].every((char) => (char.codePointAt(0) as number) < 128);
    const beyond = core.flatMap(({ path, nodes }) =>
      nodes.flatMap((node) => {
        const text = node.type === 'TemplateElement' ? (node.value as { cooked?: string }).cooked : node.value;
        const isText = (node.type === 'Literal' || node.type === 'TemplateElement') && typeof text === 'string';
        return isText && !isAscii(text) ? [`${path}: ${text}`] : [];
      }),
    );
    expect(beyond).toEqual([]);
  });
});

it('no file is longer than one concept needs', () => {
  expect(sources.filter(({ lines }) => lines > 250).map(({ path, lines }) => `${path}: ${lines} lines`)).toEqual([]);
});
