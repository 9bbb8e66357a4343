import { cpSync, existsSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import type { PackageApp } from './package-app.ts';

/** What an app may write, by the promise that it rests on. */
export const typedApps: Readonly<Record<string, string>> = {
  'each part has its names': `
    import { meshFetch as whole, type Logger } from 'mesh-shim';
    import { checkManifests } from 'mesh-shim/check';
    import { connectWithRetry } from 'mesh-shim/connect';
    import { createHealthServer } from 'mesh-shim/health';
    import { meshFetch } from 'mesh-shim/http';
    import { createLifecycle } from 'mesh-shim/lifecycle';
    import { portProtocol } from 'mesh-shim/ports';
    import { waitForMesh, type WaitForMeshOptions } from 'mesh-shim/wait';
    export const all = [checkManifests, connectWithRetry, createHealthServer, createLifecycle, portProtocol, waitForMesh];
    export const same: typeof whole = meshFetch;
    export const options: WaitForMeshOptions = { logger: console satisfies Logger };`,
  'fatal looks into what the driver threw': `
    import { connectWithRetry, fatalReason } from 'mesh-shim/connect';
    export const connected = connectWithRetry(async () => 'connection', {
      fatal: (error) => (error.code === 'LICENCE_EXPIRED' ? 'the licence has expired' : fatalReason(error)),
    });`,
  "undici's request takes the options of one request": `
    import { createMeshAgent } from 'mesh-shim';
    import { request } from 'undici';
    const dispatcher = createMeshAgent();
    export const one = () => request('http://orders/', { dispatcher, meshRetry: { deadlineMs: 500 } });
    // @ts-expect-error: an option that does not exist
    export const wrong = () => request('http://orders/', { dispatcher, meshRetry: { deadline: 500 } });`,
  'a mesh agent is a dispatcher of undici': `
    import { createMeshAgent, createMeshFetch, meshRetry } from 'mesh-shim';
    import { Agent, request, setGlobalDispatcher } from 'undici';
    export const global = () => setGlobalDispatcher(createMeshAgent());
    export const composed = () => createMeshAgent().compose(meshRetry({ maxRetries: 1 }));
    export const own = createMeshFetch({ dispatcher: new Agent() });
    export const asked = () => request('http://orders/', { dispatcher: createMeshAgent(), method: 'POST', idempotent: true });`,
  "meshFetch fits where the app's fetch does": `
    import { createMeshFetch, meshFetch } from 'mesh-shim';
    interface SdkOptions { fetch: typeof globalThis.fetch }
    export const sdks: SdkOptions[] = [{ fetch: meshFetch }, { fetch: createMeshFetch({ maxRetries: 1 }) }];
    export const narrower: (url: string, init?: RequestInit) => Promise<Response> = meshFetch;`,
  'meshFetch takes what the environment gives': `
    import { meshFetch } from 'mesh-shim';
    export const form = () => meshFetch('http://orders/', { method: 'POST', body: new FormData() });
    export const asked = () => meshFetch(new Request('http://orders/'), { signal: AbortSignal.timeout(5) });
    export const text = async (): Promise<string> =>
      (await meshFetch(new URL('http://orders/'), { headers: new Headers({ a: 'b' }), meshRetry: { maxRetries: 0 } })).text();
    // @ts-expect-error: an option that does not exist
    export const wrong = () => meshFetch('http://orders/', { meshRetries: {} });`,
  'meshFetch takes the headers that a server got': `
    import type { IncomingMessage } from 'node:http';
    import { meshFetch } from 'mesh-shim';
    export const passOn = ({ headers }: IncomingMessage) => meshFetch('http://orders/', { headers });
    export const lists = () => meshFetch('http://orders/', { headers: { accept: ['text/plain', 'text/html'] } });`,
  "an app's own fetch makes the attempts": `
    import { createMeshFetch } from 'mesh-shim';
    import * as undici from 'undici';
    export const own: typeof globalThis.fetch = createMeshFetch({ fetch });
    export const mocked: typeof globalThis.fetch = createMeshFetch({ fetch: async () => new Response('ok') });
    export const theirs = createMeshFetch({ fetch: undici.fetch });
    export const sdk = (options: { fetch?: typeof fetch }) => createMeshFetch({ fetch: options.fetch, maxRetries: 1 });`,
  "meshFetch takes undici's forms and requests": `
    import { meshFetch } from 'mesh-shim';
    import * as undici from 'undici';
    export const form = () => meshFetch('http://orders/', { method: 'POST', body: new undici.FormData() });
    export const asked = () => meshFetch(new undici.Request('http://orders/'));`,
};

/** The types of the DOM know no dispatcher, of whatever kind. */
export const typedForNode: Readonly<Record<string, string>> = {
  "Node's fetch takes a mesh agent": `
    import { createMeshAgent } from 'mesh-shim';
    export const reply = () => fetch('http://orders/', { dispatcher: createMeshAgent() });`,
};

export interface Compilation {
  /** The folder of the TypeScript that compiles. */
  readonly compiler: string;
  /** The folder of the `@types/node` that the app has. */
  readonly nodeTypes: string;
  /** Folders of more packages of types, by their names. */
  readonly moreTypes?: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly apps: Readonly<Record<string, string>>;
}

/** Compiles apps as one program; returns what the compiler finds. */
export async function compile(app: PackageApp, compilation: Compilation): Promise<string[]> {
  const { compiler, nodeTypes, moreTypes = {}, options, apps } = compilation;
  giveTypes(app, nodeTypes, moreTypes);
  const files = Object.values(apps).map((source, i) => app.write(`app-${i}.ts`, source));
  const base = { strict: true, noEmit: true, target: 'es2022', lib: ['es2022'], types: ['node'], skipLibCheck: true };
  const project = app.write('tsconfig.json', JSON.stringify({ compilerOptions: { ...base, ...options }, files }));
  const program = ['bin/tsc', 'lib/tsc.js'].map((path) => join(compiler, path)).find((path) => existsSync(path)) ?? '';
  const { code, stdout, stderr } = await app.run(process.execPath, [program, '-p', project, '--pretty', 'false']);
  const errors = stdout.split('\n').filter((line) => line.includes('error TS'));
  if (code !== 0 && errors.length === 0) throw new Error(`the compiler ended with ${code}: ${stdout}${stderr}`);
  return errors;
}

/** Copies, not links: a linked package would find the types of the folder that it really lies in. */
function giveTypes({ folder }: PackageApp, nodeTypes: string, moreTypes: Readonly<Record<string, string>>): void {
  const modules = join(folder, 'node_modules');
  const at = realpathSync(nodeTypes);
  const undiciTypes = [join(at, 'node_modules'), dirname(at), dirname(dirname(at))]
    .map((place) => join(place, 'undici-types'))
    .find((path) => existsSync(path));
  if (undiciTypes === undefined) throw new Error(`${nodeTypes} has no undici-types`);
  rmSync(join(modules, '@types'), { recursive: true, force: true });
  const copies = {
    ...moreTypes,
    'undici-types': undiciTypes,
    '@types/node': at,
    undici: join(modules, 'undici'),
    yaml: join(modules, 'yaml'),
  };
  for (const [name, place] of Object.entries(copies)) {
    const from = realpathSync(place);
    const to = join(modules, name);
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true, filter: (path) => !path.slice(from.length).includes('node_modules') });
  }
}
