import { expect, test } from 'vitest';
import { createAnswerReader } from '../../../../src/mesh/ask/answer-reader.ts';
import { parseHttpUrl } from '../../../../src/mesh/ask/endpoint.ts';

const endpoint = parseHttpUrl('http://localhost:1/');
const read = (pieces: readonly string[], lenient = true) => {
  const reader = createAnswerReader({ kind: 'status', endpoint, lenient });
  for (const piece of pieces) {
    const reply = reader.feed(piece);
    if (reply) return reply;
  }
  return reader.end();
};
const statusOf = (pieces: readonly string[]) => {
  const { observation } = read(pieces);
  return observation.kind === 'reply' ? observation.status : observation.kind;
};

test.each<[string, number]>([
  ['HTTP/1.1 200 OK\n\n', 200],
  ['HTTP/1.0 503\n\nno', 503],
  ['HTTP/1.1 200 OK\nContent-Type: text/plain\n\nok', 200],
  ['HTTP/1.1 200 OK\r\nno colon here\r\n\r\n', 200],
  ['HTTP/1.1 204 x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n', 204],
  ['HTTP/1.1 200 OK\r\n', 200],
  ['HTTP/1.1 100 Continue\n\nHTTP/1.1 404 No\n\n', 404],
])('%j: %i, in any pieces', (text, status) => {
  expect(statusOf([text])).toBe(status);
  expect(statusOf([...text])).toBe(status);
});

test('what is not as HTTP has it is not used again, what is may be', () => {
  expect(read(['HTTP/1.1 200 OK\n\n']).reusable).toBe(false);
  expect(read(['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok']).reusable).toBe(true);
});

test.each([
  '',
  'hello\n\n',
  'HTTP/1.1 2000 OK\n\n',
  'HTTP/1.1 abc\n\n',
  'HTTP/2 200\n\n',
  '\nHTTP/1.1 200 OK\n\n',
  'HTTP/1.1 200',
  'HTTP/1.1 100 Continue\n\n',
])('%j says nothing', (text) => {
  expect(() => read([text])).toThrow();
});

test('nobody is lenient unasked', () => {
  expect(() => read(['HTTP/1.1 200 OK\n\n'], false)).toThrow();
});
