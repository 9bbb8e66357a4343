import { collected } from '../content.ts';
import type { ImageAccess } from '../image-config.ts';
import { ImageError, type ImageErrorCode } from '../image-error.ts';
import { isObject } from '../manifest.ts';
import { Authorization } from './authorization.ts';
import { apiOrigin } from './registry-address.ts';
import { type Reply, Transport, type TransportRequest } from './transport.ts';
import { spentOnOldToken } from './unreachable.ts';

export interface RegistryRequest extends Omit<TransportRequest, 'url'> {
  /** Below the origin of the registry, or an address that it gave itself. */
  readonly url: string | URL;
  /** The rights that it needs: `repository:shop/web:pull`. */
  readonly scopes: readonly string[];
}

const mostRedirects = 5;
const redirects: readonly number[] = [301, 302, 303, 307, 308];

/** The API of one registry (OCI distribution 1.1), for whoever Docker's configuration says. */
export class RegistryClient {
  readonly host: string;
  readonly #origin: URL;
  readonly #transport: Transport;
  readonly #authorization: Authorization;

  constructor(host: string, access: ImageAccess) {
    this.host = host;
    this.#origin = apiOrigin(host, access.plainHttp);
    this.#transport = new Transport(access);
    this.#authorization = new Authorization(this.#transport, host, access.env);
  }

  /**
   * Resolves with any answer but those that ask for credentials, redirect or may pass. What has no side effect, or the same twice, is
   * tried again.
   *
   * @throws ImageError
   */
  async send(request: RegistryRequest): Promise<Reply> {
    const { body } = request;
    const isRepeatable = body === undefined || Buffer.isBuffer(body);
    const once = () => this.#followed(request);
    return isRepeatable && request.method !== 'POST' ? this.#transport.sendAgain(once) : once();
  }

  async #followed({ url: asked, scopes, ...request }: RegistryRequest): Promise<Reply> {
    let url: URL = new URL(String(asked), this.#origin);
    let isOwn = true;
    for (let hops = 0; ; hops++) {
      isOwn &&= url.origin === this.#origin.origin;
      // Credentials are for the registry: a storage that it sends us to gets none, and none after it.
      const reply = isOwn
        ? await this.#authorized({ ...request, url }, scopes)
        : await this.#transport.send({ ...request, url });
      const location = reply.header('location');
      if (!redirects.includes(reply.status) || location === undefined) return reply;
      reply.discard();
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        throw this.#strange(request.reference, `redirects ${request.method} requests`);
      }
      if (hops === mostRedirects) throw this.#strange(request.reference, `redirects more than ${mostRedirects} times`);
      url = this.given(location, url, request.reference);
    }
  }

  /**
   * An address that an answer gives, as it may be used.
   *
   * @throws ImageError (IMAGE_REGISTRY) for what is none, or leads from https to http
   */
  given(location: string, from: URL, reference: string): URL {
    const url = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
    // Behind a proxy that ends TLS, registries call themselves http.
    if (url?.host === this.#origin.host && url.protocol === 'http:') url.protocol = this.#origin.protocol;
    const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && from.protocol === 'http:');
    if (url !== undefined && isSafe) return url;
    const where = url === undefined ? 'what is no address' : `${url.protocol}//${url.host}, which is not encrypted`;
    throw this.#strange(reference, `leads to ${where}`);
  }

  async #authorized(request: TransportRequest, scopes: readonly string[]): Promise<Reply> {
    const sent = await this.#authorization.known(scopes);
    const reply = await this.#transport.send(withHeader(request, sent));
    const challenge = reply.header('www-authenticate');
    if (reply.status !== 401 || challenge === undefined) return reply;
    reply.discard();
    const answer = await this.#authorization.answer(challenge, sent, scopes, request.reference);
    const isSpent = request.body !== undefined && !Buffer.isBuffer(request.body);
    if (answer === undefined) throw await this.#denied(request.reference);
    if (isSpent) throw spentOnOldToken(this.host, request.reference);
    const second = await this.#transport.send(withHeader(request, answer));
    if (second.status !== 401) return second;
    second.discard();
    throw await this.#denied(request.reference);
  }

  async #denied(reference: string): Promise<ImageError> {
    const credentials = await this.#authorization.credentials(reference);
    const whose =
      credentials === undefined
        ? 'asks for credentials, and there are none'
        : `refuses the credentials of ${credentials.from}`;
    return new ImageError('IMAGE_DENIED', reference, `${this.host} ${whose}`, {
      advice: `log in (docker login ${this.host}), or point DOCKER_CONFIG to the folder of a config.json with credentials for it`,
    });
  }

  #strange(reference: string, what: string): ImageError {
    return new ImageError('IMAGE_REGISTRY', reference, `${this.host} ${what}`);
  }

  /** What an answer with an unexpected status means. Reads its body. */
  async failure(reply: Reply, reference: string, doing: string): Promise<ImageError> {
    const said = await messageIn(reply);
    const what = `${this.host} answered ${reply.status} when asked to ${doing}${said}`;
    if (reply.status === 429) {
      return new ImageError('IMAGE_REGISTRY', reference, what, {
        advice: `wait, or log in (docker login ${this.host}): those who do may ask more often`,
      });
    }
    return new ImageError(codes[reply.status] ?? 'IMAGE_REGISTRY', reference, what);
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }
}

const codes: Readonly<Record<number, ImageErrorCode>> = {
  401: 'IMAGE_DENIED',
  403: 'IMAGE_DENIED',
  404: 'IMAGE_NOT_FOUND',
};

function withHeader(request: TransportRequest, authorization: string | undefined): TransportRequest {
  if (authorization === undefined) return request;
  return { ...request, headers: { ...request.headers, authorization } };
}

/** `: manifest unknown`, from the body that registries send with errors (OCI distribution 1.1, "Error Codes"). */
async function messageIn(reply: Reply): Promise<string> {
  try {
    const limit = 64 * 1024;
    const body = await collected(reply.body, limit, () => new ImageError('IMAGE_REGISTRY', '', 'too long'));
    const json: unknown = JSON.parse(body.toString('utf8'));
    const [first] = isObject(json) && Array.isArray(json.errors) ? json.errors : [];
    const message = isObject(first) ? first.message || first.code : undefined;
    return typeof message === 'string' ? `: ${message.slice(0, 200)}` : '';
  } catch {
    return '';
  }
}
