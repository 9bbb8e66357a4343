import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const paths = globSync('examples/**/*.{ts,mjs,cfg,conf}')
  .filter((path) => !path.includes('node_modules'))
  .sort();
const textOf = (path: string) => readFileSync(path, 'utf8');

/** Nobody else in the mesh is to reach these. */
const onLoopback: Readonly<Record<string, string>> = {
  'examples/split-protocols/app.ts': 'HAProxy, in the same pod, calls it',
  'examples/demo/stand-in-sidecar.ts': 'a sidecar, which the app beside it calls',
  'examples/http-metrics/main.ts': 'a server for the client of the same process',
};

/** Lines of code that say where to listen, and say loopback. */
function loopbackListeners(text: string): string[] {
  return text.split('\n').filter((line) => {
    const code = line.replace(/^\s*(#|\/\/|\*).*/, '');
    return /\b(listen|bind|host)\b/i.test(code) && /127\.0\.0\.1|localhost|::1\b|\[::1\]/.test(code);
  });
}

it.each(paths)('%s: what other pods must reach listens on their side, too', (path) => {
  const found = loopbackListeners(textOf(path));
  expect(found.length > 0, found.join('\n')).toBe(path in onLoopback);
  // Fastify listens on localhost where it is told of no host.
  if (textOf(path).includes("from 'fastify'")) expect(textOf(path)).toMatch(/\.listen\({[^}]*host: (''|HOST)/);
});

it('sees loopback where it is', () => {
  for (const line of [
    "server.listen(8080, '127.0.0.1');",
    "app.listen({ port: 8080, host: 'localhost' });",
    "const { HOST = '127.0.0.1' } = process.env;",
    '  bind 127.0.0.1:8080',
    '    listen [::1]:8080;',
  ]) {
    expect(loopbackListeners(line), line).toHaveLength(1);
  }
  expect(loopbackListeners('  server app 127.0.0.1:8081\n  # bind 127.0.0.1:8080')).toEqual([]);
});

const lifecycles = paths.filter((path) => textOf(path).includes('createLifecycle('));

/** Where a program says it first, but for imports. */
const firstOf = (code: string, pattern: RegExp): number => {
  const at = code.search(pattern);
  return at === -1 ? Number.POSITIVE_INFINITY : at;
};

/** Health and lifecycle first, waits next, servers last: else a signal during the start finds nobody who listens to it. */
function inOrder(text: string): boolean {
  const code = text.replaceAll(/^(import [^;]*;|\s*\/\/.*|\s*\*.*)$/gm, '');
  const lifecycle = firstOf(code, /createLifecycle\(/);
  const waits = firstOf(code, /\b(waitFor(Mesh|Endpoint)|connect[A-Z]\w*)\(/);
  const frameworks = firstOf(code, /NestFactory\.create\(/);
  const servers = firstOf(code, /\.(listen|bindAsync|consume)\(|new Worker\(/);
  const health = firstOf(code, /createHealthServer\(/);
  return (
    (health === Number.POSITIVE_INFINITY || health < lifecycle) && lifecycle < Math.min(waits, frameworks, servers)
  );
}

it.each(lifecycles)('%s: health and lifecycle first, waits next, servers last', (path) => {
  const text = textOf(path);
  expect(inOrder(text)).toBe(true);
  for (const [call] of text.matchAll(/waitForMesh\([^)]*\)/g)) expect(call).toContain('signal');
});

it('sees the fatal order', () => {
  expect(inOrder('await waitForMesh();\ncreateLifecycle({});\nserver.listen(1);')).toBe(false);
  expect(inOrder('const pool = await connectPg(pg, url);\ncreateLifecycle({});')).toBe(false);
  expect(inOrder('server.listen(1);\ncreateLifecycle({ servers: [server] });')).toBe(false);
  expect(inOrder('createLifecycle({ health });\nconst health = await createHealthServer();')).toBe(false);
  expect(inOrder("import { waitForMesh } from 'mesh-shim';\ncreateLifecycle({});\nawait waitForMesh();")).toBe(true);
  expect(lifecycles.length).toBeGreaterThan(6);
});
