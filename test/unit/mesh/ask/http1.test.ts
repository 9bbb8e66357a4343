import { describe, expect, it } from 'vitest';
import {
  createReplyReader,
  type HttpReply,
  HttpReplyError,
  type ReplyReaderOptions,
} from '../../../../src/mesh/ask/http1.ts';

function read(bytes: string, options: ReplyReaderOptions = {}): HttpReply {
  const reader = createReplyReader(options);
  return reader.feed(bytes) ?? reader.end();
}

const ok = (headers: string, body = '') => `HTTP/1.1 200 OK\r\n${headers}\r\n${body}`;

describe('what ends a reply', () => {
  it.each([
    ['a length', ok('Content-Length: 5\r\n', 'hello'), 'hello', true],
    ['a length of 0', ok('Content-Length: 0\r\n'), '', true],
    ['the last chunk', ok('Transfer-Encoding: chunked\r\n', '2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n'), 'hello', true],
    [
      'chunks in capitals with extensions',
      ok('Transfer-Encoding: Chunked\r\n', 'A;x=1\r\n0123456789\r\n0;y\r\n\r\n'),
      '0123456789',
      true,
    ],
    ['a trailer', ok('Transfer-Encoding: chunked\r\n', '1\r\na\r\n0\r\nX-Sum: 1\r\n\r\n'), 'a', true],
    ['the end of the connection', ok('', 'hello'), 'hello', false],
    ['HTTP/1.0 without a length', 'HTTP/1.0 200 OK\r\n\r\nhello', 'hello', false],
    ['HTTP/1.0 with a length', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi', 'hi', false],
    [
      'HTTP/1.0 with keep-alive',
      'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi',
      'hi',
      true,
    ],
    ['Connection: close', ok('Connection: x, Close\r\nContent-Length: 2\r\n', 'hi'), 'hi', false],
    ['a status without a reason', 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', '', true],
  ])('%s', (_, bytes, body, reusable) => {
    expect(read(bytes)).toMatchObject({ status: 200, body, reusable, cutShort: false });
  });

  it('204 and 304 have no body, whatever their headers say', () => {
    for (const status of [204, 304]) {
      expect(read(`HTTP/1.1 ${status} x\r\nContent-Length: 5\r\n\r\n`)).toMatchObject({
        status,
        body: '',
        reusable: true,
      });
    }
  });

  it('nor has a reply to HEAD', () => {
    const reply = read(ok('Content-Length: 5\r\n'), { headRequest: true });
    expect(reply).toMatchObject({ status: 200, body: '', reusable: true });
  });

  it('interim replies are skipped, as many as come', () => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
    expect(read(interim.repeat(20) + ok('Content-Length: 1\r\n', 'x'))).toMatchObject({ status: 200, body: 'x' });
  });

  it('a connection with bytes behind the reply is not used again', () => {
    expect(read(ok('Content-Length: 1\r\n', 'xHTTP/1.1 500'))).toMatchObject({ body: 'x', reusable: false });
  });

  it('repeated headers are joined, names are in lower case, blanks around values go', () => {
    const { headers } = read(ok('X-A: \t1 \r\nx-a:2\r\nContent-Length: 0\r\n'));
    expect(headers.get('x-a')).toBe('1, 2');
  });
});

describe('what is refused', () => {
  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH', /not an HTTP\/1 reply/],
    ['HTTP/2', 'HTTP/2 200\r\n\r\n', /not an HTTP\/1 reply/],
    ['a minor version beyond 1', 'HTTP/1.2 200 OK\r\n\r\n', /malformed status line/],
    ['a status below 100', 'HTTP/1.1 099 x\r\n\r\n', /malformed status line/],
    ['a status of two digits', 'HTTP/1.1 20\r\n\r\n', /malformed status line/],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n', /malformed status line/],
    ['a status with a sign', 'HTTP/1.1 +20 OK\r\n\r\n', /malformed status line/],
    ['two blanks before the status', 'HTTP/1.1  200 OK\r\n\r\n', /malformed status line/],
    ['a switch of protocols', 'HTTP/1.1 101 x\r\n\r\n', /switch to another protocol/],
    ['an interim reply that ends the connection', 'HTTP/1.1 103 x\r\nConnection: close\r\n\r\n', /none can follow/],
    ['an interim reply of HTTP/1.0', `HTTP/1.0 100 x\r\n\r\n${ok('Content-Length: 0\r\n')}`, /none can follow/],
    ['a header without a colon', ok('nonsense\r\n'), /malformed header line/],
    ['a header without a name', ok(': x\r\n'), /malformed header line/],
    ['a blank before the colon', ok('Content-Length : 1\r\n', 'x'), /malformed header line/],
    ['a folded header', ok('X-A: 1\r\n  2\r\n'), /malformed header line/],
    ['a bare line feed in a header', ok('X-A: 1\nX-B: 2\r\n'), /control character/],
    ['a NUL in a header', ok('X-A: \0\r\n'), /control character/],
    ['a length that is none', ok('Content-Length: 0x5\r\n', 'hello'), /content-length/],
    ['a negative length', ok('Content-Length: -1\r\n'), /content-length/],
    ['two lengths', ok('Content-Length: 1\r\nContent-Length: 2\r\n', 'xy'), /content-length/],
    ['the same length twice', ok('Content-Length: 1\r\nContent-Length: 1\r\n', 'x'), /content-length/],
    ['both a length and chunks', ok('Content-Length: 1\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), /both/],
    ['another transfer coding', ok('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'), /transfer-encoding/],
    ['a chunk size that is none', ok('Transfer-Encoding: chunked\r\n', 'xyz\r\n'), /malformed chunk size/],
    [
      'a blank before a chunk size',
      ok('Transfer-Encoding: chunked\r\n', '\t1\r\na\r\n0\r\n\r\n'),
      /malformed chunk size/,
    ],
    ['an empty chunk extension', ok('Transfer-Encoding: chunked\r\n', '0;\r\n\r\n'), /malformed chunk extension/],
    [
      'a control in an extension',
      ok('Transfer-Encoding: chunked\r\n', '0;a="\r"\r\n\r\n'),
      /malformed chunk extension/,
    ],
    ['an empty chunk size', ok('Transfer-Encoding: chunked\r\n', '\r\n'), /malformed chunk size/],
    [
      'a chunk size beyond counting',
      ok('Transfer-Encoding: chunked\r\n', `${'f'.repeat(14)}\r\n`),
      /malformed chunk size/,
    ],
    ['a chunk longer than its size', ok('Transfer-Encoding: chunked\r\n', '1\r\nab\r\n0\r\n\r\n'), /chunk longer/],
    ['a bare line feed after a chunk size', ok('Transfer-Encoding: chunked\r\n', '1\na\r\n0\r\n\r\n'), /CR LF/],
    ['an endless chunk extension', ok('Transfer-Encoding: chunked\r\n', `1;${'x'.repeat(2000)}`), /longer than 1024/],
    ['an endless head', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`, /head larger/],
    [
      'endless trailers',
      ok('Transfer-Encoding: chunked\r\n', `0\r\n${`X-A: ${'x'.repeat(1000)}\r\n`.repeat(70)}`),
      /trailer longer/,
    ],
    ['a body larger than it may be', ok('Content-Length: 5000000\r\n'), /body of 5000000 bytes/],
    ['chunks larger than they may be', ok('Transfer-Encoding: chunked\r\n', '500000\r\n'), /body larger/],
    ['nothing', '', /closed without a reply/],
    ['half a head', 'HTTP/1.1 200 OK\r\nConte', /in the middle/],
    ['half a body', ok('Content-Length: 5\r\n', 'hel'), /in the middle/],
    ['half a chunk', ok('Transfer-Encoding: chunked\r\n', '5\r\nhel'), /in the middle/],
    ['no last chunk', ok('Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n'), /in the middle/],
    ['an interim reply alone', 'HTTP/1.1 100 Continue\r\n\r\n', /in the middle/],
  ])('%s', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(HttpReplyError);
    expect(() => read(bytes)).toThrow(message);
  });

  it('garbage at its first bytes: no end of a head is waited for', () => {
    expect(() => createReplyReader().feed('\x16\x03')).toThrow(/not an HTTP\/1 reply/);
  });

  it('a body beyond the limit while it streams, with a reader or until the end of the connection', () => {
    for (const options of [{ maxBodyBytes: 10 }, { maxBodyBytes: 10, onBody: () => false }]) {
      const reader = createReplyReader(options);
      reader.feed(ok('', '0123456789'));
      expect(() => reader.feed('x')).toThrow(/body larger than 10 bytes/);
    }
  });

  it('says what came in one line', () => {
    expect(() => read('HTTP/1.1 \n\x1b[31m'.padEnd(200, 'x').concat('\r\n\r\n'))).toThrow(/^[ -~]+$/);
  });

  it('bytes after the whole reply', () => {
    const reader = createReplyReader();
    expect(reader.feed(ok('Content-Length: 0\r\n'))).toBeDefined();
    expect(() => reader.feed('x')).toThrow(/more bytes/);
  });
});

describe('a reader of the body', () => {
  it('sees the pieces as they come and may end the reading', () => {
    const pieces: string[] = [];
    const reader = createReplyReader({ onBody: (piece) => pieces.push(piece) === 2 });
    expect(reader.feed(ok('Transfer-Encoding: chunked\r\n', '3\r\nabc\r\n'))).toBeUndefined();
    const reply = reader.feed('3\r\ndef\r\n3\r\nghi\r\n0\r\n\r\n');
    expect(reply).toMatchObject({ body: 'abcdef', cutShort: true, reusable: false });
    expect(pieces).toEqual(['abc', 'def']);
  });
});
