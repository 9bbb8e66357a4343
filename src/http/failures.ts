import { classifyReply, type ReplyClassification } from '../mesh/replies/envoy-reply.ts';
import type { HttpHeaders } from '../mesh/replies/header-value.ts';
import type { Failure } from './decide.ts';
import { faultBeforeSending, networkFault } from './network-error.ts';
import { retryAfterMs } from './retry-after.ts';

/** How far the requests of one attempt got. */
export interface Progress {
  /** The head of a request may have left. */
  readonly wasSent: boolean;
  /** More than one request was made: what is said of the last is not said of the first, which has been answered. */
  readonly redirected: boolean;
}

/** Classifies an error as a failed attempt; undefined when it is not the network's. */
export function networkFailure(error: unknown, { wasSent, redirected }: Progress): Failure | undefined {
  const fault = wasSent ? networkFault(error) : faultBeforeSending(error);
  if (fault === undefined) return undefined;
  return { kind: 'network', fault, neverSent: !wasSent || (fault === 'refused-stream' && !redirected) };
}

/** Classifies a reply as a failed attempt. */
export function replyFailure(
  status: number,
  headers: HttpHeaders,
  body: string | undefined,
  bodySent: boolean,
): Failure & { kind: 'reply'; classification: ReplyClassification } {
  return {
    kind: 'reply',
    status,
    classification: classifyReply({ status, headers, body }),
    retryAfterMs: retryAfterMs(headers, Date.now()),
    bodySent,
  };
}
