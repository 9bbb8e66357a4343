import type { Readable } from 'node:stream';
import type { Bytes } from '../content.ts';
import type { ImageAccess } from '../image-config.ts';
import { ImageError } from '../image-error.ts';
import { type Http, startHttp } from './http.ts';
import { isLoopback } from './registry-address.ts';
import { isPassing, unreachable } from './unreachable.ts';

export interface TransportRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | Readable;
  readonly reference: string;
  /** The answer is small: it has to come in one piece of time. */
  readonly document?: boolean;
  /** Of what is sent or comes: how long all of it may take follows from it. */
  readonly size?: number;
}

export interface Reply {
  readonly status: number;
  readonly url: URL;
  header(name: string): string | undefined;
  /** Fails with ImageError only. Whoever does not read it must `discard` it. */
  readonly body: Bytes;
  discard(): void;
}

const defaultTimeoutMs = 30_000;
/** Slower than this, a blob is taken for a registry that hangs. */
const slowestBytesPerMs = 32;

/** Requests with limits: of the connection, the answer, each pause in it, and all of it. Neither redirects nor credentials. */
export class Transport {
  #http: Promise<Http> | undefined;
  readonly #env: ImageAccess['env'];
  readonly #timeoutMs: number;
  readonly #plainHosts: readonly string[];

  constructor({ env, timeoutMs = defaultTimeoutMs, plainHttp = [] }: ImageAccess) {
    this.#env = env;
    this.#timeoutMs = timeoutMs;
    this.#plainHosts = plainHttp;
  }

  /** Whether passwords and tokens may be sent there. */
  mayHaveSecrets({ protocol, host, hostname }: URL): boolean {
    return protocol === 'https:' || (protocol === 'http:' && (isLoopback(hostname) || this.#plainHosts.includes(host)));
  }

  /** One try. @throws ImageError (IMAGE_UNREACHABLE, IMAGE_NODE) */
  async send({ method, url, headers, body, reference, document, size = 0 }: TransportRequest): Promise<Reply> {
    const limitMs = this.#timeoutMs * (document ? 2 : 4) + size / slowestBytesPerMs;
    const signal = AbortSignal.timeout(Math.min(Math.ceil(limitMs), 2 ** 31 - 1));
    const failed = (cause: unknown) => (cause instanceof ImageError ? cause : unreachable(url, cause, reference));
    this.#http ??= startHttp(this.#env, this.#timeoutMs, reference);
    const http = await this.#http;
    const answer = await http
      .request(url, {
        method,
        dispatcher: http.dispatcherFor(url),
        signal,
        headers: { 'user-agent': 'mesh-shim', ...headers },
        ...(body === undefined ? {} : { body }),
      })
      .catch((cause: unknown) => {
        throw failed(cause);
      });
    const { statusCode: status, headers: received } = answer;
    // Nobody may be listening any more when the limit ends it.
    answer.body.on('error', () => {});
    return {
      status,
      url,
      header: (name) => [received[name] ?? []].flat().join(', ') || undefined,
      body: guarded(answer.body, failed),
      discard: () => void answer.body.dump({ limit: 64 * 1024 }).catch(() => {}),
    };
  }

  /** The same up to three times, as long as the failure is one that passes. */
  async sendAgain(again: () => Promise<Reply>): Promise<Reply> {
    for (let tries = 1; ; tries++) {
      try {
        const reply = await again();
        if (tries === mostTries || !passingStatus.includes(reply.status)) return reply;
        reply.discard();
        await pauseFor(reply.header('retry-after'), tries);
      } catch (error) {
        if (tries === mostTries || !isPassing(error)) throw error;
        await pauseFor(undefined, tries);
      }
    }
  }

  async close(): Promise<void> {
    await this.#http?.then(
      (http) => http.close(),
      () => {},
    );
  }
}

const mostTries = 3;
export const passingStatus: readonly number[] = [429, 500, 502, 503, 504];
const longestPauseMs = 10_000;

/** Before the next try: what the server asks for, within reason, or longer each time. */
export async function pauseFor(retryAfter: string | undefined, tries: number): Promise<void> {
  const asked = Number(retryAfter ?? Number.NaN) * 1000;
  const backoff = 250 * 2 ** (tries - 1) * (1 + Math.random());
  const ms = Number.isFinite(asked) && asked >= 0 ? Math.min(asked, longestPauseMs) : backoff;
  await new Promise((resolve) => setTimeout(resolve, ms));
}

async function* guarded(body: AsyncIterable<Uint8Array>, failed: (cause: unknown) => ImageError): Bytes {
  try {
    yield* body;
  } catch (cause) {
    throw failed(cause);
  }
}
