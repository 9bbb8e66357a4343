import type { Observation, Question } from './question.ts';
import type { ByteString } from './transport.ts';

/** A reply as what it means. */
export interface KnownReply {
  readonly observation: Observation;
  /** Whether the connection can carry the next request. */
  readonly reusable: boolean;
}

/**
 * The last reply to each question, as bytes and as what they mean. A sidecar that is not ready says so hundreds of times
 * in the same bytes, and the same bytes are the same reply: reading them anew is two thirds of what a question costs.
 */
export interface ReplyMemory {
  recall(question: Question, bytes: ByteString): KnownReply | undefined;
  /** `bytes` must be the whole reply and nothing else. */
  keep(question: Question, bytes: ByteString, reply: KnownReply): void;
  /** The bytes that were observed as this, where they are the last that were kept. */
  bytesOf(question: Question, observation: Observation): ByteString | undefined;
}

/** Longer replies are read as they come: what is kept stays small. */
const maxKeptBytes = 4 * 1024;

export function createReplyMemory(): ReplyMemory {
  const kept = new Map<string, KnownReply & { readonly bytes: ByteString }>();
  return {
    recall(question, bytes) {
      const last = kept.get(keyOf(question));
      return last?.bytes === bytes ? last : undefined;
    },
    keep(question, bytes, reply) {
      // What /server_info says is found while its bytes arrive, not in the reply.
      if (question.kind === 'server-info' || bytes.length > maxKeptBytes) return;
      kept.set(keyOf(question), { ...reply, bytes });
    },
    bytesOf(question, observation) {
      const last = kept.get(keyOf(question));
      return last?.observation === observation ? last.bytes : undefined;
    },
  };
}

/** How a reply is read depends on the kind of the question, too. */
function keyOf({ kind, endpoint }: Question): string {
  return `${kind} ${endpoint.text}`;
}
