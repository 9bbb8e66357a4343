import { describe, expect, test } from 'vitest';
import { createMeshKy } from '../../../../src/http/index.ts';
import { silentLogger } from '../../../../src/shared/logger.ts';
import { ScriptedTransport } from '../../../helpers/scripted-transport.ts';

interface Extended {
  readonly fetch: (request: Request, init?: object) => Promise<Response>;
  readonly retry: number;
  readonly hooks: { readonly beforeRequest: readonly [(...given: unknown[]) => void] };
}

function extended(): Extended {
  const transport = new ScriptedTransport((attempt) => void attempt.reply(200));
  return createMeshKy(
    { extend: (options: never) => options as unknown },
    { dispatcher: transport, logger: silentLogger },
  ) as unknown as Extended;
}

test("ky's own retries are off", () => {
  expect(extended().retry).toBe(0);
});

const requestOf = (body: unknown) =>
  new Request('http://orders/', { method: 'POST', body, duplex: 'half' } as RequestInit);

test('what a request says of itself is passed on, and nothing else', async () => {
  const { fetch } = extended();
  const request = new Request('http://orders/');
  await expect(fetch(request, { idempotent: 'no' })).rejects.toThrow(/init.idempotent must be/);
  await expect(fetch(request, { meshRetry: 5 })).rejects.toThrow(/init.meshRetry must be/);
  expect((await fetch(request, { method: 'of another fetch' })).status).toBe(200);
});

describe('a body is read whole where it was whole, by the hook of', () => {
  const forms: [string, (request: Request, body: unknown) => unknown[]][] = [
    ['ky 2', (request, body) => [{ request, options: { body } }]],
    ['ky 1', (request, body) => [request, { body }, { retryCount: 0 }]],
  ];
  const bodies: [string, () => unknown, boolean][] = [
    ['a string', () => 'text', true],
    ['bytes', () => new Uint8Array([1]), true],
    ['pairs', () => new URLSearchParams('a=b'), true],
    ['a form', () => new FormData(), true],
    ['a stream', () => new Blob(['text']).stream(), false],
  ];
  test.each(forms.flatMap(([form, given]) => bodies.map((body) => [form, ...body, given] as const)))(
    '%s: %s',
    async (_, __, make, whole, given) => {
      const { fetch, hooks } = extended();
      const body = make();
      const request = requestOf(body);
      hooks.beforeRequest[0](...given(request, body));
      expect((await fetch(request)).status).toBe(200);
      expect(request.bodyUsed).toBe(whole);
    },
  );

  test('no hook: it stays a stream', async () => {
    const request = requestOf('text');
    await extended().fetch(request);
    expect(request.bodyUsed).toBe(false);
  });
});
