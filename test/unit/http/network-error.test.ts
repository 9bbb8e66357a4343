import { describe, expect, test } from 'vitest';
import {
  codeOf,
  faultBeforeSending,
  type NetworkFault,
  networkFault,
  provesNeverSent,
} from '../../../src/http/network-error.ts';
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
  ['ENODATA', 'unknown-name', true],
  ['EBADNAME', 'unknown-name', true],
  ['EAI_NONAME', 'unknown-name', true],
  ['EAI_NODATA', 'unknown-name', true],
  ['EAI_ADDRFAMILY', 'unknown-name', true],
  ['EAI_FAIL', 'unreachable', true, { syscall: 'getaddrinfo' }],
  ['EAI_MEMORY', 'unreachable', true, { syscall: 'getaddrinfo' }],
  ['ESERVFAIL', 'unreachable', true, { syscall: 'queryA' }],
  ['ETIMEOUT', 'unreachable', true, { syscall: 'queryAaaa' }],
  ['EADDRNOTAVAIL', 'unreachable', true, { syscall: 'connect' }],
  ['EMFILE', 'unreachable', true, { syscall: 'connect' }],
  ['ENFILE', 'unreachable', true, { syscall: 'connect' }],
  ['ENOBUFS', 'unreachable', true, { syscall: 'connect' }],
  ['ENOENT', 'unreachable', true, { syscall: 'connect' }],
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
    ['a file that cannot be opened', networkError('EMFILE', { syscall: 'open' })],
    ['a code that says of no system call', networkError('ESERVFAIL')],
    ['what the system forbids', networkError('EACCES', { syscall: 'connect' })],
    ['an address of a kind that the system does not know', networkError('EAFNOSUPPORT', { syscall: 'connect' })],
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

const proxySays = (status: number) => ({
  code: 'UND_ERR_ABORTED',
  name: 'AbortError',
  message: `Proxy response (${status}) !== 200 when HTTP Tunneling`,
});

describe('before anything was sent, an error only tells whether it will pass', () => {
  test.each<[string, NetworkFault | undefined, unknown]>([
    ['what is one in every phase', 'refused', networkError('ECONNREFUSED')],
    ['a connection lost on the way', 'lost', networkError('ECONNRESET')],
    ['a system error without a call', 'unclear', networkError('ENOBUFS')],
    ["undici's word for a proxy that went", 'unclear', networkError('UND_ERR_PRX_CONNECT')],
    [
      'an error without a code, as connectors of other packages make',
      'unclear',
      new Error('Proxy connection timed out'),
    ],
    ['a tunnel that the proxy cannot make now', 'unreachable', Object.assign(new Error(), proxySays(503))],
    ['one that it makes to nobody just now', 'unreachable', Object.assign(new Error(), proxySays(429))],
    ['one that it forbids', 'unclear', Object.assign(new Error(), proxySays(403))],
    ['any other abort', undefined, Object.assign(new Error('cut'), { code: 'UND_ERR_ABORTED', name: 'AbortError' })],
    ['a time limit of the caller', undefined, new DOMException('late', 'TimeoutError')],
    ['a mistake in a call', undefined, networkError('UND_ERR_INVALID_ARG')],
    ['a mistake in code', undefined, new TypeError('x is not a function')],
    ['a mistake in code of another realm', undefined, Object.assign(new Error('x'), { name: 'RangeError' })],
    ['a closed dispatcher', undefined, networkError('UND_ERR_DESTROYED')],
    ['an address that no mock answers', undefined, networkError('UND_MOCK_ERR_MOCK_NOT_MATCHED')],
    ['a bad certificate', undefined, networkError('CERT_HAS_EXPIRED')],
    ['a certificate of another name', undefined, networkError('ERR_TLS_CERT_ALTNAME_INVALID')],
    ['a server that speaks no TLS', undefined, networkError('EPROTO')],
    ['what the system forbids', undefined, networkError('EACCES', { syscall: 'connect' })],
    ['text', undefined, 'ECONNREFUSED'],
    ['nothing', undefined, undefined],
  ])('%s: %s', (_, fault, error) => {
    expect(faultBeforeSending(error)).toBe(fault);
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
