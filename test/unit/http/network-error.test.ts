import { describe, expect, test } from 'vitest';
import { codeOf, type NetworkFault, networkFault, provesNeverSent } from '../../../src/http/network-error.ts';
import { networkError } from '../../helpers/scripted-transport.ts';

const refusedStream = { message: 'Stream closed with error code NGHTTP2_REFUSED_STREAM' };

// Each code, its fault, and whether it alone proves that nothing was sent.
test.each<[string, NetworkFault, boolean, object?]>([
  ['ECONNREFUSED', 'refused', true],
  ['EHOSTUNREACH', 'unreachable', true],
  ['ENETUNREACH', 'unreachable', true],
  ['EHOSTDOWN', 'unreachable', true],
  ['ENETDOWN', 'unreachable', true],
  ['EAI_AGAIN', 'unreachable', true],
  ['UND_ERR_CONNECT_TIMEOUT', 'unreachable', true],
  ['ENOTFOUND', 'unknown-name', true],
  ['ETIMEDOUT', 'lost', false],
  ['ETIMEDOUT', 'lost', true, { syscall: 'connect' }],
  ['ECONNRESET', 'lost', false],
  ['ECONNRESET', 'lost', false, { syscall: 'read' }],
  ['ECONNRESET', 'lost', true, { syscall: 'connect' }],
  ['ECONNRESET', 'lost', true, { syscall: 'getaddrinfo' }],
  ['ECONNABORTED', 'lost', false],
  ['EPIPE', 'lost', false],
  ['UND_ERR_SOCKET', 'lost', false],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'lost', false],
  ['UND_ERR_HEADERS_TIMEOUT', 'lost', false],
  ['UND_ERR_BODY_TIMEOUT', 'lost', false],
  ['ERR_HTTP2_STREAM_ERROR', 'lost', false],
  ['ERR_HTTP2_STREAM_ERROR', 'refused-stream', true, refusedStream],
  ['ERR_HTTP2_SESSION_ERROR', 'lost', false, refusedStream],
  ['UND_ERR_INFO', 'lost', false, { message: 'HTTP/2: "stream error" received - code 2' }],
  ['MESH_ATTEMPT_TIMEOUT', 'lost', false],
])('%s is "%s" (never sent: %s) %j', (code, fault, neverSent, more) => {
  const error = networkError(code, more);
  expect(networkFault(error)).toBe(fault);
  expect(provesNeverSent(error)).toBe(neverSent);
});

describe('not of the network', () => {
  test.each<[string, unknown]>([
    ['an error without a code', new Error('ECONNREFUSED')],
    ['another code', networkError('UND_ERR_INVALID_ARG')],
    ['a bad certificate', networkError('CERT_HAS_EXPIRED', { syscall: 'connect' })],
    ['an abort', networkError('UND_ERR_ABORTED')],
    ["undici's other informations", networkError('UND_ERR_INFO', { message: 'reset: HTTP/2: x' })],
    ['an information that is no Error', { code: 'UND_ERR_INFO', message: 'HTTP/2: x' }],
    ['a number as code', { code: 14 }],
    ['text', 'ECONNREFUSED'],
    ['null', null],
    ['nothing', undefined],
  ])('%s', (_, error) => {
    expect(networkFault(error)).toBeUndefined();
  });

  test('proves nothing', () => {
    expect(provesNeverSent(networkError('CERT_HAS_EXPIRED', { syscall: 'connect' }))).toBe(false);
  });
});

test.each([
  [networkError('EPIPE'), 'EPIPE'],
  [{ code: 'EPIPE' }, 'EPIPE'],
  [{ code: 14 }, undefined],
  [{}, undefined],
  [null, undefined],
  [undefined, undefined],
  ['EPIPE', undefined],
])('the code of %j', (error, code) => {
  expect(codeOf(error)).toBe(code);
});
