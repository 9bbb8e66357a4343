import { Writable } from 'node:stream';
import { Agent, request, stream } from 'undici';
import { describe, expect, test } from 'vitest';
import { MeshReplyError, meshRetry } from '../../../src/http/index.ts';
import { httpClients, ownUf } from '../../helpers/http-clients.ts';
import { once } from '../../helpers/serving.ts';

const { serve, agent, atEnd } = httpClients();

describe('with other parts of undici', () => {
  test('stream', async () => {
    const server = await serve(once({ do: 'reply', status: 503 }));
    const chunks: Buffer[] = [];
    await stream(
      server.url,
      { method: 'GET', dispatcher: agent() },
      () =>
        new Writable({
          write(chunk, _, done) {
            chunks.push(chunk);
            done();
          },
        }),
    );
    expect(Buffer.concat(chunks).toString()).toBe('ok');
  });

  test('meshRetry composes with any dispatcher', async () => {
    const server = await serve(once({ do: 'reply', status: 503 }));
    const base = new Agent();
    atEnd(() => base.destroy());
    const dispatcher = base.compose(meshRetry({ backoffBaseMs: 1 }));
    expect((await request(server.url, { dispatcher })).statusCode).toBe(200);
  });

  test('options of a single request', async () => {
    const server = await serve(() => ({ do: 'reply', status: 503 }));
    const options = { dispatcher: agent(), meshRetry: { maxRetries: 0 } };
    expect((await request(server.url, options as never)).statusCode).toBe(503);
    expect(server.received).toHaveLength(1);
  });

  test('failed replies as errors', async () => {
    const server = await serve(() => ({ ...ownUf, status: 404, body: '' }));
    const error = await request(server.url, { dispatcher: agent({ failedReplies: 'throw' }) }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(MeshReplyError);
    expect(error).toMatchObject({ status: 404, attempts: 1, classification: { flag: 'NR', madeBy: 'own-sidecar' } });
    expect((error as Error).message).toContain('add a ServiceEntry');
  });
});
