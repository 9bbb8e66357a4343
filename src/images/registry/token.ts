import { collected } from '../content.ts';
import { ImageError } from '../image-error.ts';
import { isObject } from '../manifest.ts';
import { basicHeader, type Credentials } from './credentials.ts';
import type { Transport } from './transport.ts';

export interface TokenRequest {
  readonly realm: URL;
  readonly service: string | undefined;
  /** `repository:shop/web:pull`. */
  readonly scopes: readonly string[];
  readonly credentials: Exclude<Credentials, { kind: 'bearer' }> | undefined;
  readonly reference: string;
}

const longestAnswer = 256 * 1024;
const client = 'mesh-shim';

/**
 * A token of the server that a registry names (distribution 2.8, spec/auth/token.md and oauth.md). A redirect is not followed: the
 * credentials are for this server.
 *
 * @throws ImageError
 */
export async function fetchToken(transport: Transport, request: TokenRequest): Promise<string> {
  const { realm, service, scopes, credentials, reference } = request;
  if (!transport.mayHaveSecrets(realm)) {
    throw new ImageError('IMAGE_REGISTRY', reference, `tokens come from ${realm.origin}, which is not encrypted`, {
      advice: 'nothing was sent there; ask whoever runs the registry',
    });
  }
  const where = `${realm.origin}${realm.pathname}`;
  const reply = await transport.send({ ...asked(request), reference, document: true });
  const body = await collected(
    reply.body,
    longestAnswer,
    () => new ImageError('IMAGE_REGISTRY', reference, `${where} answered more than a token`),
  );
  if (reply.status === 401 || reply.status === 403 || (reply.status === 400 && credentials !== undefined)) {
    const why = credentials === undefined ? 'without credentials' : `for the credentials of ${credentials.from}`;
    throw new ImageError('IMAGE_DENIED', reference, `${where} gives no token ${why} (${reply.status})`);
  }
  const token = reply.status === 200 ? tokenIn(body.toString('utf8')) : undefined;
  if (token !== undefined) return token;
  const rights = scopes.join(' ') || service || 'the registry';
  throw new ImageError('IMAGE_REGISTRY', reference, `${where} answered ${reply.status} and no token for ${rights}`);
}

function asked({ realm, service, scopes, credentials }: TokenRequest) {
  if (credentials?.kind === 'identity') {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: credentials.token,
      client_id: client,
      ...(service === undefined ? {} : { service }),
      ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { method: 'POST', url: realm, headers, body: Buffer.from(form.toString()) } as const;
  }
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  if (credentials === undefined) return { method: 'GET', url } as const;
  url.searchParams.set('account', credentials.user);
  return { method: 'GET', url, headers: { authorization: basicHeader(credentials) } } as const;
}

function tokenIn(text: string): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { token, access_token: access } = isObject(json) ? json : {};
  // It becomes a header.
  return [token, access].find((one): one is string => typeof one === 'string' && /^[!-~]+$/.test(one));
}
