import { createReplyReader } from '../../src/mesh/ask/http1.ts';
import type { Observation } from '../../src/mesh/ask/question.ts';
import { fixtureBytes } from './fixtures.ts';

/** A reply of another mesh's sidecar as the core would see it. What came in chunks was recorded as one piece. */
export function recordedReply(name: string): Extract<Observation, { kind: 'reply' }> {
  const text = fixtureBytes(`other-meshes/${name}.http`);
  const reply = text.slice(text.indexOf('\n') + 1);
  const [head = '', body = ''] = cut(reply);
  const lines = head.split(/\r?\n/).filter((line) => !/^(transfer-encoding|content-length):/i.test(line));
  const reader = createReplyReader();
  reader.feed(`${[...lines, `content-length: ${body.length}`].join('\r\n')}\r\n\r\n`);
  const read = body === '' ? reader.end() : reader.feed(body);
  if (!read) throw new Error(`${name} is no whole reply`);
  return { kind: 'reply', status: read.status, body: read.body };
}

function cut(reply: string): string[] {
  const gap = /\r?\n\r?\n/.exec(reply);
  return gap === null ? [reply] : [reply.slice(0, gap.index), reply.slice(gap.index + gap[0].length)];
}
