import { expect, test } from 'vitest';
import { networkFailure, replyFailure } from '../../../src/http/failures.ts';

const error = (code: string, message = code) => Object.assign(new Error(message), { code });
const refusedStream = error('ERR_HTTP2_STREAM_ERROR', 'Stream closed with error code NGHTTP2_REFUSED_STREAM');
const progress = (wasSent: boolean, redirected: boolean) => ({ wasSent, redirected });

test.each([
  ['refused before the head left', error('ECONNREFUSED'), progress(false, false), 'refused', true],
  ['lost after it', error('ECONNRESET'), progress(true, false), 'lost', false],
  ['a refused stream has not been touched', refusedStream, progress(true, false), 'refused-stream', true],
  ['but its redirected request has been answered', refusedStream, progress(true, true), 'refused-stream', false],
  ['lost after a redirect', error('ECONNRESET'), progress(true, true), 'lost', false],
  ['by the phase, whatever the code', error('ENOBUFS'), progress(false, false), 'unclear', true],
])('%s', (_, cause, at, fault, neverSent) => {
  expect(networkFailure(cause, at)).toEqual({ kind: 'network', fault, neverSent });
});

test("an error that is not the network's is no failure of the network", () => {
  expect(networkFailure(new TypeError('nonsense'), progress(false, false))).toBeUndefined();
  expect(networkFailure(error('ENOBUFS'), progress(true, false))).toBeUndefined();
});

test.each([true, false])('a reply, with its classification (body sent: %s)', (bodySent) => {
  const headers = { server: 'envoy', 'Retry-After': '2' };
  expect(replyFailure(503, headers, 'no healthy upstream', bodySent)).toEqual({
    kind: 'reply',
    status: 503,
    classification: expect.objectContaining({ flag: 'UH', madeBy: 'own-sidecar' }),
    retryAfterMs: 2_000,
    bodySent,
  });
});

test('of several Retry-After, which undici hands on as a list, the longest counts', () => {
  expect(replyFailure(503, { 'retry-after': ['2', '9'] }, '', true).retryAfterMs).toBe(9_000);
  expect(replyFailure(503, {}, '', true).retryAfterMs).toBeUndefined();
});
