import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EndpointError, parseHttpUrl, parseUnixUrl, withPath, withPort } from '../../../../src/mesh/ask/endpoint.ts';
import { parseTcpUrl } from '../../../../src/mesh/ask/server-endpoint.ts';

const tcp = (host: string, port: number) => ({ kind: 'tcp', host, port });

it.each([
  ['http://localhost:15000', [tcp('127.0.0.1', 15_000), tcp('::1', 15_000)], 'localhost:15000', '/'],
  ['http://LOCALHOST/x', [tcp('127.0.0.1', 80), tcp('::1', 80)], 'LOCALHOST', '/x'],
  ['http://127.0.0.1:1/a?b=c', [tcp('127.0.0.1', 1)], '127.0.0.1:1', '/a?b=c'],
  ['http://[::1]:65535/', [tcp('::1', 65_535)], '[::1]:65535', '/'],
  ['http://[::1]', [tcp('::1', 80)], '[::1]', '/'],
  ['http://app.svc:8080?x', [tcp('app.svc', 8080)], 'app.svc:8080', '/?x'],
])('%s', (text, addresses, authority, path) => {
  expect(parseHttpUrl(text)).toEqual({ addresses, authority, path, text });
});

it('tcp://HOST:PORT and unix:PATH', () => {
  expect(parseTcpUrl('tcp://db:5432').addresses).toEqual([tcp('db', 5432)]);
  expect(parseTcpUrl('tcp://[fd00::1]:1').addresses).toEqual([tcp('fd00::1', 1)]);
  expect(parseUnixUrl('unix:/run/a b.sock')).toMatchObject({
    addresses: [{ kind: 'unix', path: '/run/a b.sock' }],
    path: '/',
  });
});

describe('what is no address', () => {
  it.each([
    ['', /form http/],
    ['localhost:15000', /form http/],
    ['https://localhost', /plain http/],
    ['http://', /no host/],
    ['http://:80', /no host/],
    ['http://a:b@c', /user names/],
    ['http://a#b', /fragment/],
    ['http://a:0', /not a port/],
    ['http://a:65536', /not a port/],
    ['http://a:1e3', /not a port/],
    ['http://a:-1', /not a port/],
    ['http://::1:80', /brackets/],
    ['http://[::1', /without/],
    ['http://[::1]x', /unexpected/],
    ['http://a/b c', /blank/],
    ['http://a/\r\nX: y', /blank or control/],
    // As one byte per character these would become a line end.
    ['http://a/\u010d\u010aX:y', /beyond ASCII/],
    ['http://a/ü', /percent-encoded/],
  ])('%j over HTTP', (text, message) => {
    expect(() => parseHttpUrl(text)).toThrow(EndpointError);
    expect(() => parseHttpUrl(text)).toThrow(message);
  });

  it.each(['tcp://', 'tcp://a', 'tcp://a:1/x', 'tcp:a:1', 'tcp://a:x'])('%j over TCP', (text) => {
    expect(() => parseTcpUrl(text)).toThrow(EndpointError);
  });

  it.each(['unix:', 'x', `unix:/${'x'.repeat(107)}`, 'unix:/a\0b'])('%j as a unix socket', (text) => {
    expect(() => parseUnixUrl(text)).toThrow(EndpointError);
  });

  it('any text: an address without what could break a request head, or a clear error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          const { authority, path } = parseHttpUrl(`http://${text}`);
          expect(authority + path).toMatch(/^[!-~]+$/);
          expect(path).toMatch(/^\//);
        } catch (error) {
          expect(error).toBeInstanceOf(EndpointError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

it('the same server at another path', () => {
  expect(withPath(parseHttpUrl('http://a:1'), '/ready')).toMatchObject({ path: '/ready', text: 'http://a:1/ready' });
  expect(withPath(parseHttpUrl('http://a:1/x/'), '/ready')).toMatchObject({
    path: '/x/ready',
    text: 'http://a:1/x/ready',
  });
  expect(withPath(parseUnixUrl('unix:/a'), '/ready')).toMatchObject({ path: '/ready', text: 'unix:/a/ready' });
});

it('the same host at another port', () => {
  expect(withPort(parseHttpUrl('http://localhost:1'), 2, '/x').text).toBe('http://localhost:2/x');
  expect(withPort(parseHttpUrl('http://[::1]:1'), 2, '/x').text).toBe('http://[::1]:2/x');
  expect(withPort(parseHttpUrl('http://127.0.0.1:1'), 2, '/x').text).toBe('http://127.0.0.1:2/x');
  expect(withPort(parseUnixUrl('unix:/a'), 2, '/x').text).toBe('http://localhost:2/x');
});
