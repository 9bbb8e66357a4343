import {
  credentials,
  Metadata,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { createMeshInterceptor, type MeshAdapterOptions, silentLogger } from '../../../src/http/index.ts';
import { freePort } from '../../helpers/free-port.ts';
import { serving } from '../../helpers/serving.ts';

const { atEnd } = serving();
const codec = { serialize: (text: string) => Buffer.from(text), deserialize: (bytes: Buffer) => bytes.toString() };
const methods = {
  say: {
    path: '/test.Echo/Say',
    requestStream: false,
    responseStream: false,
    requestSerialize: codec.serialize,
    requestDeserialize: codec.deserialize,
    responseSerialize: codec.serialize,
    responseDeserialize: codec.deserialize,
  },
} as const;
const Client = makeGenericClientConstructor(methods, 'Echo');

type Done = (error: unknown, text?: string) => void;

async function startServer(port: number, say: (done: Done, call: number, sendMetadata: () => void) => void) {
  const server = new Server();
  const calls: number[] = [];
  server.addService(methods, {
    say: (call: ServerUnaryCall<string, string>, done: Done) => {
      calls.push(performance.now());
      say(done, calls.length, () => call.sendMetadata(new Metadata()));
    },
  } as never);
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  atEnd(async () => server.forceShutdown());
  return calls;
}

interface Said {
  readonly idempotent?: boolean;
  readonly deadline?: Date;
  readonly metadata?: Metadata;
  readonly cancelAfterMs?: number;
}

function clientOf(port: number, options?: MeshAdapterOptions) {
  return ({ idempotent = false, deadline, metadata = new Metadata(), cancelAfterMs }: Said = {}) => {
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      'grpc.initial_reconnect_backoff_ms': 50,
      'grpc.max_reconnect_backoff_ms': 100,
      interceptors: [
        createMeshInterceptor({ backoffBaseMs: 5, logger: silentLogger, ...options }, (path) => {
          expect(path).toBe('/test.Echo/Say');
          return idempotent;
        }),
      ],
    });
    atEnd(async () => client.close());
    return new Promise<string>((resolve, reject) => {
      const done = (error: Error | null, text = '') => (error === null ? resolve(text) : reject(error));
      const call = client.say?.('hi', metadata, deadline === undefined ? {} : { deadline }, done);
      if (cancelAfterMs !== undefined) setTimeout(() => call?.cancel(), cancelAfterMs);
    });
  };
}

const busy = (told: Record<string, string> = {}) => {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(told)) metadata.add(name, value);
  return { code: 14, details: 'busy', metadata };
};

test('a call waits for a server, and an answer of the application is not repeated', async () => {
  const port = await freePort();
  const say = clientOf(port);
  const pending = say();
  await new Promise((done) => setTimeout(done, 300));
  const calls = await startServer(port, (done, call) => done(call === 1 ? null : busy(), 'hello'));
  expect(await pending).toBe('hello');
  await expect(say()).rejects.toMatchObject({ code: 14, details: 'busy' });
  expect(calls).toHaveLength(2);
});

test('what is idempotent is repeated, maxRetries times', async () => {
  const port = await freePort();
  const calls = await startServer(port, (done) => done(busy()));
  await expect(clientOf(port, { maxRetries: 3 })({ idempotent: true })).rejects.toMatchObject({ code: 14 });
  expect(calls).toHaveLength(4);
});

test('a server that nobody starts is given up at the deadline', async () => {
  await expect(clientOf(await freePort(), { deadlineMs: 300 })()).rejects.toMatchObject({ code: 14 });
});

test.each([
  ['retry-after', { 'retry-after': '1' }, 1_000],
  ["gRPC's own", { 'grpc-retry-pushback-ms': '700' }, 700],
])('%s is waited out', async (_, told, least) => {
  const port = await freePort();
  const calls = await startServer(port, (done, call) => (call === 1 ? done(busy(told)) : done(null, 'hello')));
  expect(await clientOf(port)({ idempotent: true })).toBe('hello');
  expect((calls[1] ?? 0) - (calls[0] ?? 0)).toBeGreaterThanOrEqual(least - 5);
});

test.each([
  ['a pushback that forbids it', { 'grpc-retry-pushback-ms': '-1' }],
  ['a wait of years', { 'retry-after': '99999999' }],
])('%s is heeded', async (_, told) => {
  const port = await freePort();
  const calls = await startServer(port, (done) => done(busy(told)));
  await expect(clientOf(port)({ idempotent: true })).rejects.toMatchObject({ code: 14 });
  expect(calls).toHaveLength(1);
});

test.each([
  ['at once', () => {}],
  ['after metadata', (sendMetadata: () => void) => sendMetadata()],
])('a service that relays the words of its own client, %s, has received the call', async (_, before) => {
  const port = await freePort();
  const details = 'No connection established. Last error: connect ECONNREFUSED 10.0.0.1:50051';
  const calls = await startServer(port, (done, _call, sendMetadata) => {
    before(sendMetadata);
    done({ code: 14, details });
  });
  await expect(clientOf(port)()).rejects.toMatchObject({ code: 14, details });
  expect(calls).toHaveLength(1);
});

test("a call's own deadline ends the pause", async () => {
  const port = await freePort();
  const calls = await startServer(port, (done) => done(busy({ 'retry-after': '5' })));
  const started = performance.now();
  const deadline = new Date(Date.now() + 300);
  await expect(clientOf(port)({ idempotent: true, deadline })).rejects.toMatchObject({ code: 14 });
  expect(performance.now() - started).toBeLessThan(4_000);
  expect(calls).toHaveLength(1);
});

test('cancel ends the pause, and is told', async () => {
  const port = await freePort();
  const calls = await startServer(port, (done) => done(busy({ 'retry-after': '5' })));
  await expect(clientOf(port)({ idempotent: true, cancelAfterMs: 300 })).rejects.toMatchObject({ code: 1 });
  expect(calls).toHaveLength(1);
});

test('cancel ends a call that is under way', async () => {
  const port = await freePort();
  await startServer(port, () => {});
  await expect(clientOf(port)({ cancelAfterMs: 100 })).rejects.toMatchObject({ code: 1 });
});

test('an idempotency key in the metadata', async () => {
  const port = await freePort();
  const calls = await startServer(port, (done, call) => (call === 1 ? done(busy()) : done(null, 'hello')));
  const metadata = new Metadata();
  metadata.set('idempotency-key', '1');
  expect(await clientOf(port)({ metadata })).toBe('hello');
  expect(calls).toHaveLength(2);
});
