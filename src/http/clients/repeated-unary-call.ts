import { failureText } from '../../shared/failure-text.ts';
import { longestTimerMs } from '../../shared/pause.ts';
import type { RequestFacts } from '../exchange.ts';
import type { ForeignClient } from './foreign-client.ts';

export interface GrpcMetadata {
  getMap(): { readonly [name: string]: unknown };
  clone(): GrpcMetadata;
}

interface GrpcStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata: GrpcMetadata;
}

interface GrpcListener {
  readonly onReceiveMetadata?: ((metadata: GrpcMetadata) => void) | undefined;
  readonly onReceiveMessage?: ((message: unknown) => void) | undefined;
  readonly onReceiveStatus?: ((status: GrpcStatus) => void) | undefined;
}

/** grpc-js's `InterceptingCallInterface`. */
export interface NextGrpcCall {
  start(metadata: GrpcMetadata, listener: GrpcListener): void;
  sendMessage(message: unknown): void;
  sendMessageWithContext(context: { readonly callback?: (() => void) | undefined }, message: unknown): void;
  startRead(): void;
  halfClose(): void;
  cancelWithStatus(code: number, details: string): void;
  getPeer(): string;
  getAuthContext(): unknown;
}

/** All that one call has received. */
interface Received {
  readonly metadata: GrpcMetadata | undefined;
  readonly message: { readonly is: unknown } | undefined;
  readonly status: GrpcStatus;
}

/**
 * One unary call for who made it, with as many real ones after each other as it takes. It begins when the request is whole, and hands on
 * what the last one has received when that has ended.
 */
export class RepeatedUnaryCall implements NextGrpcCall {
  readonly #client: ForeignClient;
  readonly #facts: (metadata: GrpcMetadata) => RequestFacts;
  readonly #next: () => NextGrpcCall;
  readonly #deadline: Date | number | undefined;
  readonly #stop = new AbortController();
  #metadata: GrpcMetadata | undefined;
  #listener: GrpcListener = {};
  #message: unknown;
  #current: NextGrpcCall | undefined;
  #isPaused = true;
  #cancelled: Pick<GrpcStatus, 'code' | 'details'> | undefined;

  constructor(
    client: ForeignClient,
    facts: (metadata: GrpcMetadata) => RequestFacts,
    next: () => NextGrpcCall,
    deadline: Date | number | undefined,
  ) {
    this.#client = client;
    this.#facts = facts;
    this.#next = next;
    this.#deadline = deadline;
  }

  start(metadata: GrpcMetadata, listener: GrpcListener = {}): void {
    this.#metadata = metadata;
    this.#listener = listener;
  }

  sendMessage(message: unknown): void {
    this.#message = message;
  }

  sendMessageWithContext({ callback }: { readonly callback?: (() => void) | undefined }, message: unknown): void {
    this.#message = message;
    callback?.();
  }

  /** Each real call reads by itself. */
  startRead(): void {}

  halfClose(): void {
    const metadata = this.#metadata;
    if (metadata === undefined) return;
    const untilDeadline = Math.min(Number(this.#deadline ?? Number.POSITIVE_INFINITY) - Date.now(), longestTimerMs);
    const timer = setTimeout(() => this.#stop.abort(), untilDeadline).unref();
    const request = { ...this.#facts(metadata), replayable: true, signals: [this.#stop.signal] };
    void this.#client
      .run(request, () => this.#attempt(metadata), {
        failureOf: ({ status }) => status,
        // A call that has got metadata was received, whatever words its status relays.
        progressOf: ({ metadata: received }) => ({ redirected: received !== undefined }),
      })
      // What an interceptor further down throws; there is nobody above to catch it.
      .catch((error: unknown) => failedWithin(error, metadata))
      .then((received) => this.#deliver(received))
      .finally(() => clearTimeout(timer));
  }

  cancelWithStatus(code: number, details: string): void {
    this.#cancelled ??= { code, details };
    this.#stop.abort();
    if (!this.#isPaused) this.#current?.cancelWithStatus(code, details);
  }

  getPeer(): string {
    return this.#current?.getPeer() ?? 'unknown';
  }

  getAuthContext(): unknown {
    return this.#current?.getAuthContext() ?? null;
  }

  #attempt(metadata: GrpcMetadata): Promise<Received> {
    return new Promise((resolve) => {
      let received: GrpcMetadata | undefined;
      let message: Received['message'];
      const call = this.#next();
      this.#current = call;
      this.#isPaused = false;
      // What is further down may add to the metadata.
      call.start(metadata.clone(), {
        onReceiveMetadata: (some) => {
          received = some;
        },
        onReceiveMessage: (some) => {
          message = { is: some };
        },
        onReceiveStatus: (status) => {
          this.#isPaused = true;
          resolve({ metadata: received, message, status });
        },
      });
      call.sendMessage(this.#message);
      call.halfClose();
    });
  }

  #deliver({ metadata, message, status }: Received): void {
    const listener = this.#listener;
    if (metadata !== undefined) listener.onReceiveMetadata?.(metadata);
    if (message !== undefined) listener.onReceiveMessage?.(message.is);
    // Cancelled in a pause, which only this object knows of.
    listener.onReceiveStatus?.(status.code === 0 ? status : { ...status, ...this.#cancelled });
  }
}

const grpcInternal = 13;

function failedWithin(error: unknown, metadata: GrpcMetadata): Received {
  const status = { code: grpcInternal, details: failureText(error), metadata };
  return { metadata: undefined, message: undefined, status };
}
