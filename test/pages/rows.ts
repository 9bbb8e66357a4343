import type { Block } from '../helpers/page-blocks.ts';

/** What a block of a page needs beside itself. A block that is whole, and does nothing but end, needs no row. */
export interface Row {
  /** Code: what it takes as given. */
  readonly before?: string;
  /** Code: what shows its effect, and ends it. */
  readonly after?: string;
  /** Code: what the run prints at least. */
  readonly prints?: string;
  /** A test that runs it, or that makes what it shows. */
  readonly heldBy?: HeldBy;
}

/** A test, and words by which it is known to hold what it shall. */
export type HeldBy = readonly [test: string, words: string];

const addARule: Row = { heldBy: ['test/package/add-a-rule.long.test.ts', "stepsOf('Add a rule')"] };
const connections = 'test/mesh/docs-connections.test.ts';
const docsImage = 'test/images/docs-image.test.ts';
const long = 'test/mesh/docs-connections.long.test.ts';
const intoPods = 'test/examples/into-pods.test.ts';
const realSidecars = 'test/process/other-meshes/default-ports.long.test.ts';
const policies = 'test/examples/admission-policy.test.ts';
const pool =
  "const pool = { query: async (_: unknown) => ({ rows: [] }), end: async () => console.log('pool ended') };";

const session: HeldBy = ['test/process/examples/readmes.test.ts', 'readSession('];

/** Pages that a test runs as a whole, commands and what they print. */
export const heldPages: Readonly<Record<string, HeldBy>> = {
  'examples/connections/README.md': session,
  'examples/lifecycle/bullmq-worker/README.md': session,
  'examples/lifecycle/cluster/README.md': session,
  'examples/lifecycle/express/README.md': session,
  'examples/lifecycle/fastify/README.md': session,
  'examples/lifecycle/grpc/README.md': session,
  'examples/lifecycle/nestjs/README.md': session,
  'examples/lifecycle/node-http/README.md': session,
  'examples/lifecycle/queue-consumer/README.md': session,
  'examples/lifecycle/rabbitmq-consumer/README.md': session,
  'examples/lifecycle/sse/README.md': session,
  'examples/nginx-http10/README.md': session,
  'examples/split-protocols/README.md': session,
};

/** By the names of the blocks (test/helpers/page-blocks.ts). */
export const rows: Readonly<Record<string, Row>> = {
  'CONTRIBUTING.md#add-a-rule-to-the-checker': addARule,
  'CONTRIBUTING.md#add-a-rule-to-the-checker:2': addARule,
  'CONTRIBUTING.md#add-a-rule-to-the-checker:3': addARule,
  'CONTRIBUTING.md#add-a-rule-to-the-checker:4': addARule,
  'CONTRIBUTING.md#add-a-rule-to-the-checker:5': addARule,
  'CONTRIBUTING.md#add-a-rule-to-the-checker:6': addARule,

  'README.md#node-team:2': {
    after: `server.once('listening', async () => {
      console.log(await (await fetch('http://127.0.0.1:8080/')).text());
      process.kill(process.pid, 'SIGTERM');
    });`,
    prints: 'POST /v1/orders {"item":1}',
  },

  'docs/check.md#who-is-in-the-mesh': { heldBy: ['test/docs/check.test.ts', 'its census is what the checker says'] },
  'docs/check.md#as-a-library': {
    before: "const text = 'apiVersion: v1\\nkind: Service\\nmetadata: {name: web}\\nspec: {}\\n';",
    after: 'console.log(changed.length + created.length, text.length);',
    prints: '0 ',
  },

  'docs/ci.md#github-actions': { heldBy: ['test/unit/workflows.test.ts', "blockNamed('docs/ci.md#github-actions')"] },
  'docs/ci.md#gitlab': { heldBy: ['test/package/ci.test.ts', "blockNamed('docs/ci.md#gitlab')"] },
  'docs/ci.md#pre-commit': { heldBy: ['test/package/ci.test.ts', "blockNamed('docs/ci.md#pre-commit')"] },
  'docs/ci.md#a-container': { heldBy: ['test/package/ci.test.ts', "blockNamed('docs/ci.md#a-container')"] },

  'docs/commands.md#a-closer-look-mesh-shim-log-level': {
    heldBy: ['test/mesh/log-level.test.ts', "tool('debug', '--component', 'http', '--for'"],
  },

  'docs/connections.md#connectors': { heldBy: [connections, 'snippets.pg'] },
  'docs/connections.md#connectors:2': { heldBy: [connections, "'mysql2',"] },
  'docs/connections.md#connectors:3': { heldBy: [connections, "'ioredis',"] },
  'docs/connections.md#connectors:4': { heldBy: [connections, "'redis',"] },
  'docs/connections.md#connectors:5': { heldBy: [long, 'snippets.kafkajs'] },
  'docs/connections.md#connectors:6': { heldBy: [long, 'snippets.mongodb'] },
  'docs/connections.md#after-a-restart-of-the-server-or-of-the-sidecar': {
    before: pool,
    heldBy: [connections, 'snippets.readiness'],
  },
  'docs/connections.md#rabbitmq': { heldBy: [connections, "'amqplib',"] },
  'docs/connections.md#connectwithretry': {
    before: 'const logger = console;',
    heldBy: [connections, 'snippets.connectWithRetry'],
  },
  'docs/connections.md#connectwithretry:2': {
    before: 'const attempt = async () => {};',
    heldBy: [connections, 'snippets.fatal'],
  },
  'docs/connections.md#checks': { heldBy: [connections, 'snippets.waitForEndpoint'] },

  'docs/health.md': {
    after: `console.log((await health.report('readyz')).checks.db?.ok);
    await health.close();
    await pool.end();`,
    prints: 'false',
  },

  'docs/image.md': { heldBy: [docsImage, "runBlock('docs/image.md'"] },
  'docs/image.md:2': { heldBy: [docsImage, "blockNamed('docs/image.md:2')"] },
  'docs/image.md#how-the-shim-is-to-behave': { heldBy: [docsImage, '#how-the-shim-is-to-behave'] },
  'docs/image.md#registries': { heldBy: [docsImage, '#registries'] },

  'docs/explain.md#a-live-sidecar:2': { heldBy: ['test/mesh/explain-pod.test.ts', "'--pod', '--admin-url'"] },

  'docs/http-recipes.md': { after: 'console.log(orders);', prints: "{ asked: 'GET /v1/orders ' }" },
  'docs/http-recipes.md#got': {
    after: "console.log((await meshGot().post('http://orders/', { json: { item: 1 } })).body);",
    prints: 'POST / {"item":1}',
  },
  'docs/http-recipes.md#ky': {
    after: "console.log(await (await meshKy().post('http://orders/', { json: { item: 1 } })).text());",
    prints: 'POST / {"item":1}',
  },
  'docs/http-recipes.md#axios': {
    after: "console.log((await meshAxios().post('http://orders/', { item: 1 })).data);",
    prints: 'POST / {"item":1}',
  },
  'docs/http-recipes.md#axios:2': {
    before: "import { createServer } from 'node:http';",
    after: `const times: number[] = [];
    const busy = createServer((request, reply) => {
      times.push(performance.now());
      if (request.url === '/years') reply.writeHead(429, { 'retry-after': '99999999' }).end();
      else if (times.length === 1) reply.writeHead(429, { 'retry-after': '1' }).end();
      else reply.end('hello');
    }).listen(8080, '127.0.0.1', async () => {
      const { data } = await client.get('http://127.0.0.1:8080/');
      console.log(data, 'after a second:', (times[1] ?? 0) - (times[0] ?? 0) > 995);
      const error = await client.get('http://127.0.0.1:8080/years').catch((failure: { status: number }) => failure);
      console.log(error.status, times.length);
      process.exit();
    });`,
    prints: 'hello after a second: true\n429 3',
  },
  'docs/http-recipes.md#grpc-js': {
    before: "import { Client, credentials } from '@grpc/grpc-js';",
    after: `const client = new Client('127.0.0.1:9', credentials.createInsecure(), { interceptors: [meshInterceptor] });
    const text = { serialize: (value: string) => Buffer.from(value), deserialize: String };
    const deadline = Date.now() + 300;
    client.makeUnaryRequest('/orders.Orders/GetOrder', text.serialize, text.deserialize, 'x', { deadline }, (error) => {
      console.log('not reached:', [4, 14].includes(error?.code ?? 0));
      client.close();
    });`,
    prints: 'not reached: true',
  },
  'docs/http-recipes.md#any-other-client': {
    after: `let asked = 0;
    const attempt = async () => {
      asked += 1;
      if (asked < 3) throw { status: 503, headers: {} };
      return asked;
    };
    console.log(await repeated({ method: 'GET', url: 'http://orders/' }, attempt));`,
    prints: '3',
  },

  'docs/http.md': {
    before: 'const order = { item: 1 };',
    after: 'console.log(await reply.text());',
    prints: 'POST /v1/orders {"item":1}',
  },

  'docs/imports.md#bundlers': { after: "console.log(require('node:path').sep);", prints: '/' },

  'docs/lifecycle.md': {
    before: `import { createServer } from 'node:http';
    process.env.MESH_SHIM_DISABLED = 'a test';
    const server = createServer();
    const connect = async () => ({ end: async () => console.log('pool ended') });`,
    after: "process.kill(process.pid, 'SIGTERM');",
    prints: 'pool ended',
  },
  'docs/lifecycle.md#grpc-socketio-consumers': {
    before: `import { Server as GrpcServer } from '@grpc/grpc-js';
    import { createServer } from 'node:http';
    import { Server as SocketIoServer } from 'socket.io';
    const ended = (name: string) => async (_?: boolean) => console.log(name, 'ended');
    const server = createServer();
    const grpcServer = new GrpcServer();
    const io = new SocketIoServer(server);
    const [worker, consumer, pool] = [{ close: ended('worker') }, { disconnect: ended('consumer') }, { end: ended('pool') }];`,
    after: "process.kill(process.pid, 'SIGTERM');",
    prints: 'worker ended\nconsumer ended\npool ended',
  },
  'docs/lifecycle.md#a-job': {
    before:
      "const work = async () => console.log('work ended'); const pool = { end: async () => console.log('pool ended') };",
    heldBy: ['test/process/lifecycle/docs-lifecycle.test.ts', "blockNamed('docs/lifecycle.md#a-job')"],
  },

  'docs/meshes.md': { heldBy: [realSidecars, "blockNamed('docs/meshes.md')"] },
  'docs/meshes.md#dapr': { heldBy: [realSidecars, "blockNamed('docs/meshes.md#dapr')"] },
  'docs/meshes.md#cloud-sql-auth-proxy': {
    heldBy: [realSidecars, "blockNamed('docs/meshes.md#cloud-sql-auth-proxy')"],
  },
  'docs/meshes.md#cloud-sql-auth-proxy:2': {
    heldBy: [realSidecars, "blockNamed('docs/meshes.md#cloud-sql-auth-proxy:2')"],
  },

  'docs/native.md#into-an-image-that-has-no-cp': { heldBy: ['test/native/install.test.ts', "'install', folder"] },

  'docs/options.md': { heldBy: ['test/docs/options.test.ts', "blockNamed('docs/options.md')"] },

  'docs/telemetry.md#metrics': { after: 'countRetries();' },

  'docs/wait.md#waitformesh': {
    before: 'const logger = console;',
    after: 'console.log(found.kind);',
    prints: 'no-sidecar',
  },

  'docs/wrap.md#what-it-does:2': { heldBy: ['test/docs/wrap.test.ts', "blockNamed('docs/wrap.md#what-it-does:2')"] },

  'examples/admission-policy/README.md:2': { heldBy: [policies, 'prints what its README shows'] },
  'examples/README.md#copy-one': { heldBy: ['test/process/examples/readmes.test.ts', 'copyExample('] },
  'examples/ci/README.md': { heldBy: ['test/docs/ci-examples.test.ts', 'prints what its README shows'] },
  'examples/node-service/README.md#run-it': { heldBy: session },
  'examples/node-service/README.md#run-it:2': { heldBy: session },
  'examples/demo/README.md': { heldBy: ['test/examples/demo.test.ts', 'expectTimeline'] },
  'examples/docker-layer/README.md:2': { heldBy: [intoPods, "expect(running.stdout()).toBe('app: started\\n')"] },
  'examples/docker-layer/README.md:3': { heldBy: [intoPods, "expectAsShown('docker-layer'"] },
  'examples/http-metrics/README.md': { heldBy: ['test/examples/http-metrics.test.ts', 'prints what its README shows'] },
  'examples/image-volume/README.md:2': { heldBy: [intoPods, "expectAsShown('image-volume'"] },
  'examples/init-container/README.md:2': { heldBy: [intoPods, 'listing(readFileSync'] },
  'examples/init-container/README.md:3': { heldBy: [intoPods, "expectAsShown('init-container'"] },
  'examples/job/README.md:2': { heldBy: [intoPods, "expectAsShown('job'"] },
  'examples/kyverno/README.md:2': { heldBy: [policies, "Kyverno's policy says the same"] },
};

/** The test that holds a block by itself, or with all of its page. */
export function heldBy({ name, page }: { readonly name: string; readonly page: string }): HeldBy | undefined {
  return rows[name]?.heldBy ?? heldPages[page];
}

/** The text below a block of commands is what they print, unless another test holds it. */
export function printedBelow(block: Block, all: readonly Block[]): Block | undefined {
  const below = all[all.indexOf(block) + 1];
  const isOutput = block.language === 'sh' && below?.language === 'text' && below.page === block.page;
  return isOutput && heldBy(block) === undefined && heldBy(below) === undefined ? below : undefined;
}
