import type { HttpReply } from './http1.ts';
import type { Question } from './question.ts';
import type { ByteString } from './transport.ts';

/**
 * The last reply to each question, as bytes and as what they mean. A sidecar that is not ready says so hundreds of times
 * in the same bytes, and the same bytes are the same reply: reading them anew is two thirds of what a question costs.
 */
export interface ReplyMemory {
  recall(question: Question, bytes: ByteString): HttpReply | undefined;
  /** `bytes` must be the whole reply and nothing else. */
  keep(question: Question, bytes: ByteString, reply: HttpReply): void;
}

/** Longer replies are read as they come: what is kept stays small. */
const maxKeptBytes = 4 * 1024;

export function createReplyMemory(): ReplyMemory {
  const kept = new Map<string, { readonly bytes: ByteString; readonly reply: HttpReply }>();
  return {
    recall(question, bytes) {
      const last = kept.get(keyOf(question));
      return last?.bytes === bytes ? last.reply : undefined;
    },
    keep(question, bytes, reply) {
      // What /server_info says is found while its bytes arrive, not in the reply.
      if (question.kind === 'server-info' || bytes.length > maxKeptBytes) return;
      kept.set(keyOf(question), { bytes, reply });
    },
  };
}

/** How a reply is read depends on the kind of the question, too. */
function keyOf({ kind, endpoint }: Question): string {
  return `${kind} ${endpoint.text}`;
}
