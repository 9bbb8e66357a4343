import { expect, it } from 'vitest';
import { parseHttpUrl } from '../../../../src/mesh/ask/endpoint.ts';
import { createReplyMemory, type KnownReply } from '../../../../src/mesh/ask/reply-memory.ts';

const bytes = 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 3\r\n\r\nno\n';
const reply: KnownReply = { observation: { kind: 'reply', status: 503, body: 'no\n' }, reusable: true };
const ready = { kind: 'status', endpoint: parseHttpUrl('http://127.0.0.1:15000/ready') } as const;

it('knows the same bytes as answer to the same question, and nothing else', () => {
  const memory = createReplyMemory();
  expect(memory.recall(ready, bytes)).toBeUndefined();
  memory.keep(ready, bytes, reply);
  expect(memory.recall({ ...ready }, bytes)).toMatchObject(reply);
  expect(memory.recall(ready, bytes.replace('503', '200'))).toBeUndefined();
  expect(memory.recall(ready, `${bytes}HTTP/1.1 200 OK\r\n`)).toBeUndefined();
  expect(memory.recall({ kind: 'text', endpoint: ready.endpoint }, bytes)).toBeUndefined();
  expect(memory.recall({ ...ready, endpoint: parseHttpUrl('http://127.0.0.1:15000/') }, bytes)).toBeUndefined();
});

it('has the bytes of what was observed last, and of nothing before', () => {
  const memory = createReplyMemory();
  memory.keep(ready, bytes, reply);
  expect(memory.bytesOf(ready, reply.observation)).toBe(bytes);
  expect(memory.bytesOf(ready, { ...reply.observation })).toBeUndefined();
  memory.keep(ready, bytes.replace('no', 'NO'), {
    ...reply,
    observation: { kind: 'reply', status: 503, body: 'NO\n' },
  });
  expect(memory.bytesOf(ready, reply.observation)).toBeUndefined();
});

it('keeps neither a long reply nor one of /server_info', () => {
  const memory = createReplyMemory();
  const long = bytes + ' '.repeat(5000);
  memory.keep(ready, long, reply);
  expect(memory.recall(ready, long)).toBeUndefined();
  const info = { kind: 'server-info', endpoint: ready.endpoint } as const;
  memory.keep(info, bytes, reply);
  expect(memory.recall(info, bytes)).toBeUndefined();
});
