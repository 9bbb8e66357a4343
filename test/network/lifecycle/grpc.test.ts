import {
  Client,
  credentials,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { createLifecycle, silentLogger } from '../../../src/lifecycle/index.ts';
import { until } from '../../helpers/until.ts';

const text = { serialize: (value: string) => Buffer.from(value), deserialize: (bytes: Buffer) => bytes.toString() };
const method = (path: string, responseStream: boolean) => ({
  ...{ path, requestStream: false, responseStream },
  ...{ requestSerialize: text.serialize, requestDeserialize: text.deserialize },
  ...{ responseSerialize: text.serialize, responseDeserialize: text.deserialize },
});
const service: ServiceDefinition = {
  unary: method('/shop.Prices/Get', false),
  stream: method('/shop.Prices/Watch', true),
};

async function start(options: { graceMs: number; endsStreams: boolean }) {
  const server = new Server();
  let begun = 0;
  const codes: number[] = [];
  const lifecycle = createLifecycle({
    ...{ servers: [server], logger: silentLogger, signals: [], uncaughtErrors: false },
    ...{ graceMs: options.graceMs, reserveMs: 100, drainDelayMs: 50 },
    exit: (code) => void codes.push(code),
  });
  const unary: handleUnaryCall<string, string> = ({ request }, callback) => {
    begun += 1;
    setTimeout(callback, Number(request), null, 'whole');
  };
  const stream: handleServerStreamingCall<string, string> = (call) => {
    begun += 1;
    call.write('first');
    if (options.endsStreams) lifecycle.signal.addEventListener('abort', () => call.end());
  };
  server.addService(service, { unary, stream });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { 'grpc.enable_http_proxy': 0 });
  const get = (ms: number) =>
    new Promise<string>((resolve) =>
      client.makeUnaryRequest('/shop.Prices/Get', text.serialize, text.deserialize, `${ms}`, (error, value) =>
        resolve(error === null ? (value ?? '') : `lost: ${error.code}`),
      ),
    );
  const watch = () =>
    new Promise<string>((resolve) => {
      const call = client.makeServerStreamRequest('/shop.Prices/Watch', text.serialize, text.deserialize, 'all');
      call.on('data', () => {});
      call.on('error', (error: Error & { code?: number }) => resolve(`lost: ${error.code}`));
      call.on('end', () => resolve('ended'));
    });
  return { lifecycle, get, watch, codes, begun: () => begun, close: () => client.close() };
}

test('gRPC: a long call is answered and a stream that heeds the signal ends, with the time of requests, not of a hook', async () => {
  const app = await start({ graceMs: 20_000, endsStreams: true });
  const replies = [app.get(3_500), app.get(500), app.watch()];
  await until('the calls', () => app.begun() === 3);
  const code = app.lifecycle.shutdown();
  expect(await Promise.all(replies)).toEqual(['whole', 'whole', 'ended']);
  expect([await code, app.codes]).toEqual([0, [0]]);
  app.close();
});

test('gRPC: calls and streams that do not end are cut at the end of the grace', async () => {
  const app = await start({ graceMs: 600, endsStreams: false });
  const replies = [app.get(60_000), app.watch()];
  await until('the calls', () => app.begun() === 2);
  expect(await app.lifecycle.shutdown()).toBe(1);
  for (const reply of await Promise.all(replies)) expect(reply).toMatch(/^lost/);
  app.close();
});
