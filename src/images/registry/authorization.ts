import type { ImageAccess } from '../image-config.ts';
import { ImageError } from '../image-error.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { basicHeader, type Credentials } from './credentials.ts';
import { findCredentials } from './docker-config.ts';
import { fetchToken } from './token.ts';
import type { Transport } from './transport.ts';

/** How one registry is shown who asks: nobody, a password, or a token for each set of rights. */
export class Authorization {
  readonly #transport: Transport;
  readonly #host: string;
  readonly #env: ImageAccess['env'];
  #credentials: Promise<Credentials | undefined> | undefined;
  /** Of a registry that takes it for everything. */
  #basic: string | undefined;
  /** Headers by the rights that they are for: several requests at a time wait for one token. */
  readonly #headers = new Map<string, Promise<string | undefined>>();

  /** @param host whose credentials are used */
  constructor(transport: Transport, host: string, env: ImageAccess['env']) {
    this.#transport = transport;
    this.#host = host;
    this.#env = env;
  }

  /** What is sent before anybody asks: what has worked for these rights. */
  async known(scopes: readonly string[]): Promise<string | undefined> {
    return this.#basic ?? (await this.#headers.get(scopes.join(' ')));
  }

  /**
   * What answers a refusal; undefined where there is nothing (more) to show.
   *
   * @param refused the header that was sent
   * @throws ImageError
   */
  async answer(
    wwwAuthenticate: string,
    refused: string | undefined,
    scopes: readonly string[],
    reference: string,
  ): Promise<string | undefined> {
    const key = scopes.join(' ');
    const renewed = await this.#headers.get(key);
    // Another request has got a new one meanwhile.
    if (renewed !== undefined && renewed !== refused) return renewed;
    const challenges = parseChallenges(wwwAuthenticate);
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    if (bearer !== undefined) {
      const asked = this.#bearer(bearer, scopes, reference);
      this.#headers.set(key, asked);
      asked.catch(() => this.#headers.delete(key));
      return asked;
    }
    if (!challenges.some(({ scheme }) => scheme === 'basic') || refused !== undefined) return undefined;
    const credentials = await this.credentials(reference);
    if (credentials?.kind !== 'password') return undefined;
    this.#basic = basicHeader(credentials);
    return this.#basic;
  }

  async #bearer({ parameters }: Challenge, scopes: readonly string[], reference: string): Promise<string | undefined> {
    const credentials = await this.credentials(reference);
    if (credentials?.kind === 'bearer') return `Bearer ${credentials.token}`;
    const { realm = '', service, scope = '' } = parameters;
    if (!URL.canParse(realm)) {
      throw new ImageError('IMAGE_REGISTRY', reference, `${this.#host} names no address that gives tokens`);
    }
    const token = await fetchToken(this.#transport, {
      realm: new URL(realm),
      service,
      scopes: merged([...scopes, ...scope.split(' ')]),
      credentials,
      reference,
    });
    return `Bearer ${token}`;
  }

  credentials(reference: string): Promise<Credentials | undefined> {
    this.#credentials ??= findCredentials(this.#host, this.#env, reference);
    return this.#credentials;
  }
}

/** Each resource once, with all that is to be done with it. */
function merged(scopes: readonly string[]): string[] {
  const actions = new Map<string, Set<string>>();
  for (const scope of scopes.filter((one) => one !== '')) {
    const colon = scope.lastIndexOf(':');
    const resource = scope.slice(0, colon);
    actions.set(resource, new Set([...(actions.get(resource) ?? []), ...scope.slice(colon + 1).split(',')]));
  }
  return [...actions].map(([resource, all]) => `${resource}:${[...all].sort().join(',')}`);
}
