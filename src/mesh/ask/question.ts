import type { Endpoint } from './endpoint.ts';
import type { ProtocolCheck } from './protocol-checks/protocol-check.ts';
import type { ServerInfo } from './server-info.ts';
import type { ByteString, TransportFailure } from './transport.ts';

/** One thing to ask of the world. */
export interface Question {
  /**
   * `status`: an HTTP request of which only the status counts. `text`: a small body, too. `server-info`: Envoy's
   * /server_info, read until it has said enough. `connect`: only whether something accepts connections. `protocol`:
   * whether what answers speaks the protocol of `check`.
   */
  readonly kind: 'status' | 'text' | 'server-info' | 'connect' | 'protocol';
  readonly endpoint: Endpoint;
  readonly method?: 'GET' | 'POST';
  /** One more line of the request, `NAME: VALUE`. Perhaps a secret: it gets into no text for people. */
  readonly header?: string | undefined;
  /** Whether a status counts in a reply that is otherwise not as HTTP has it: curl and the kubelet are content with it. */
  readonly lenient?: boolean;
  /** For `protocol`. */
  readonly check?: ProtocolCheck;
}

/** What came of a question. */
export type Observation =
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly body: ByteString;
      /** For `server-info`: what it says; absent where the reply says nothing valid. */
      readonly serverInfo?: ServerInfo;
    }
  | { readonly kind: 'connected' }
  /** A server answered in the protocol asked for: it takes clients, or says why not. */
  | { readonly kind: 'spoken'; readonly ready: boolean; readonly detail: string }
  | {
      readonly kind: 'failed';
      /**
       * A transport's failure; `timeout`: no (whole) answer in time; `protocol`: not HTTP; `too-large`: read in part, for it is
       * larger than it may be.
       */
      readonly failure: TransportFailure | 'timeout' | 'protocol' | 'too-large';
      /** For people: `connect ECONNREFUSED`, `no answer within 5.0 s`. */
      readonly detail: string;
      /** Whether the whole request had been handed to a connection that stood: it may then have been carried out. */
      readonly sent: boolean;
    };

export function isReply(observation: Observation, status: number): boolean {
  return observation.kind === 'reply' && observation.status === status;
}

/** Nothing listens there: as opposed to something that listens and hangs, resets or answers nonsense. */
export function isAbsent(observation: Observation): boolean {
  return observation.kind === 'failed' && (observation.failure === 'refused' || observation.failure === 'unreachable');
}

/** No connection came about, and not because the time was up. */
export function isUnconnected(observation: Observation): boolean {
  return observation.kind === 'failed' && !observation.sent && observation.failure !== 'timeout';
}
