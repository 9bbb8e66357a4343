import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { parseAst } from 'vitest/node';

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
/**
 * The rooms of the house and what each may import, besides itself: other rooms (with what lies below them), packages,
 * `node:`. The longest matching room is a file's own.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  // What runs on every engine: no types, no modules of Node.
  'src/text': [],
  'src/mesh/replies': [],
  'src/mesh/ports': [],
  'src/mesh/admin': ['src/text'],
  'src/mesh/ask': ['src/text'],
  'src/mesh/profiles': ['src/mesh/ask'],
  'src/mesh/wait': ['src/mesh/profiles', 'src/mesh/ask', 'src/text'],
  'src/mesh/quit': ['src/mesh/profiles', 'src/mesh/ask', 'src/mesh/wait', 'src/text'],
  'src/command-line': ['src/mesh/ports', 'src/mesh/profiles', 'src/mesh/ask', 'src/mesh/wait', 'src/text'],
  shim: [
    'shim/status',
    'src/command-line',
    'src/mesh/ports',
    'src/mesh/profiles',
    'src/mesh/ask',
    'src/mesh/wait',
    'src/mesh/quit',
    'src/text',
  ],
  'shim/status': [
    'shim',
    'src/command-line',
    'src/mesh/admin',
    'src/mesh/profiles',
    'src/mesh/ask',
    'src/mesh/wait',
    'src/text',
  ],
  'shim/native': ['shim', 'src/mesh/ask'],
  // The library, on Node.
  'src/shared': ['src/text', 'node:'],
  'src/sockets': ['src/mesh/ask', 'node:'],
  'src/wait': ['src/mesh/profiles', 'src/mesh/wait', 'src/mesh/ask', 'src/sockets', 'src/shared', 'src/text', 'node:'],
  'src/http': ['src/mesh/replies', 'src/shared', 'node:', 'undici'],
  'src/connect': ['src/mesh/wait', 'src/mesh/ask', 'src/sockets', 'src/shared', 'node:'],
  'src/ports': ['src/mesh/ports', 'src/shared'],
  'src/health': ['src/mesh/ports', 'src/shared', 'node:'],
  'src/lifecycle': [
    ...['src/health', 'src/mesh/profiles', 'src/mesh/quit', 'src/mesh/wait', 'src/mesh/ask', 'src/sockets'],
    ...['src/shared', 'src/text', 'node:'],
  ],
  src: ['src/wait', 'src/http', 'src/connect', 'src/ports', 'src/health', 'src/lifecycle', 'src/shared'],
  // The checker, in layers; pure, but for the two packages that print and read.
  'src/check/read': ['yaml'],
  // Who starts a container is read with the rules of mesh-shim's own command line.
  'src/check/model': ['src/check/read', 'src/mesh/ports', 'src/command-line', 'src/text', 'yaml'],
  'src/check/model/nginx': ['src/check/model/nginx'],
  // Changes of manifests that touch no other byte: for fixes, and for wrap.
  'src/check/edit': ['src/check/read', 'node:util', 'yaml'],
  'src/check/fix': ['src/check/read', 'src/check/model', 'src/check/edit', 'node:util', 'yaml'],
  'src/check/rules/shared': ['src/check/read', 'src/check/model', 'src/check/fix', 'src/mesh/ports'],
  'src/check/rules': [
    ...['src/check/read', 'src/check/model', 'src/check/fix', 'src/check/rules/shared'],
    ...['src/mesh/ports', 'src/text', 'yaml'],
  ],
  'src/check/report': ['src/check', 'src/text', 'node:util'],
  'src/check': ['src/check', 'src/shared'],
  // The other commands of the package.
  // Runs in a browser as well: nothing of Node.
  'src/explain': ['src/mesh/replies', 'src/mesh/admin', 'src/text'],
  // Images, in registries and files: for the tools, never for an app.
  'src/images': ['src/shared', 'src/text', 'node:', 'undici'],
  // What wrap does to manifests; pure, as the checker whose model it uses.
  'src/wrap': [
    ...['src/check/read', 'src/check/model', 'src/check/edit', 'src/check/fix', 'src/check/rules/shared'],
    ...['src/check/report', 'src/command-line', 'src/images', 'src/text', 'node:util', 'yaml'],
  ],
  'src/tools': ['src/tools', 'src/text', 'node:'],
  'src/tools/explain': ['src/tools', 'src/explain', 'src/mesh/ask', 'src/text', 'node:'],
  'src/tools/wrap': ['src/tools', 'src/check', 'src/wrap', 'src/images', 'src/text', 'node:'],
  'src/tools/check': ['src/tools', 'src/check', 'src/text', 'node:', 'yaml'],
  'src/tools/check/sources': ['src/tools', 'src/check/read', 'node:', 'yaml', 'ignore'],
  'src/tools/completion': ['src/tools', 'src/command-line'],
  'src/tools/log-level': ['src/tools', 'src/mesh/ask', 'src/sockets', 'src/text', 'node:'],
  'src/tools/image': ['src/tools', 'src/images', 'src/command-line', 'src/text', 'node:'],
  'src/tools/template': ['src/tools', 'src/check/fix', 'src/check/read', 'src/mesh/ports', 'src/text'],
  // The shim on Node, which is started before every app: no HTTP client of Node, which takes longer to load than the wait.
  'shim/node': ['shim', 'src/mesh/ask', 'src/sockets', 'node:'],
};

/** Loaded, each costs a start more than the whole shim. */
const slowModules = ['node:http', 'node:https', 'node:http2', 'undici'];

const isIn = (path: string, room: string): boolean =>
  path === room || path.startsWith(room.endsWith(':') ? room : `${room}/`);

const roomOf = (path: string): string | undefined =>
  Object.keys(rooms)
    .filter((room) => isIn(path, room))
    .toSorted((a, b) => b.length - a.length)[0];

const sourcesIn = (room: string) => sources.filter(({ path }) => roomOf(path) === room);

const core = [
  'src/text',
  'src/mesh/admin',
  'src/mesh/replies',
  'src/mesh/ports',
  'src/mesh/ask',
  'src/mesh/wait',
  'src/mesh/quit',
  'src/command-line',
  'shim',
  'shim/status',
].flatMap((room) => sourcesIn(room));

describe('who may import whom', () => {
  it('sees the imports, those of types as well', () => {
    const wait = sources.find(({ path }) => path === 'shim/wait.ts');
    expect(wait?.imports).toContain('src/mesh/wait/wait.ts');
    expect(wait?.imports).toContain('src/command-line/option-values.ts');
  });

  it.each(Object.entries(rooms))('%s imports itself and %j', (room, others) => {
    const own = sourcesIn(room);
    expect(own.length).toBeGreaterThan(0);
    const stray = own.flatMap(({ path, imports }) =>
      imports
        .filter((target) => roomOf(target) !== room && !others.some((other) => isIn(target, other)))
        .map((target) => `${path}: ${target}`),
    );
    expect(stray).toEqual([]);
  });

  it('every source has its room', () => {
    expect(sources.filter(({ path }) => roomOf(path) === undefined)).toEqual([]);
  });

  it('no rule of the checker imports another: what two share is in rules/shared', () => {
    const siblings = sources.filter(({ path }) => dirname(path) === 'src/check/rules');
    const stray = siblings
      .filter(({ path }) => !['index.ts', 'registry.ts'].includes(basename(path)))
      .flatMap(({ path, imports }) =>
        imports.filter((target) => dirname(target) === 'src/check/rules').map((target) => `${path}: ${target}`),
      );
    expect(siblings.length).toBeGreaterThan(40);
    expect(stray).toEqual([]);
  });

  it('the shim on Node loads nothing slow', () => {
    const loaded = sourcesIn('shim/node').flatMap(({ imports }) => imports);
    expect(loaded.filter((target) => slowModules.includes(target))).toEqual([]);
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
