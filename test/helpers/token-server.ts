import { createPrivateKey, sign } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

const issuer = 'tokens of a test';
const service = 'registry of a test';
const certificate = 'test/fixtures/tls/cert.pem';
const key = createPrivateKey(readFileSync('test/fixtures/tls/key.pem'));

export interface TokenServer {
  /** For the configuration of a registry (distribution 2.8, "auth"). */
  readonly auth: object;
  /** What it was asked for: `nobody repository:shop/web:pull`. */
  readonly asked: string[];
}

/**
 * Gives the tokens that a registry asks for (distribution 2.8, spec/auth/token.md and jwt.md): to everybody those that read, to the user
 * with the password or the identity token all.
 */
export async function startTokenServer(user: string, password: string, identity: string): Promise<TokenServer> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? '', 'http://localhost');
    const asks = request.method === 'POST' ? new URLSearchParams(Buffer.concat(chunks).toString()) : url.searchParams;
    const scopes = asks.getAll('scope').flatMap((scope) => scope.split(' '));
    const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const isKnown = request.headers.authorization === expected || asks.get('refresh_token') === identity;
    asked.push(`${isKnown ? user : 'nobody'} ${scopes.join(' ')}`);
    const isWrong = !isKnown && Boolean(request.headers.authorization ?? asks.get('refresh_token'));
    if (isWrong || asks.get('service') !== service) response.writeHead(401).end();
    else response.end(JSON.stringify({ token: tokenFor(scopes, isKnown ? ['pull', 'push'] : ['pull']) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const realm = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  return { auth: { token: { realm, service, issuer, rootcertbundle: certificate } }, asked };
}

function tokenFor(scopes: readonly string[], allowed: readonly string[]): string {
  const now = Math.floor(Date.now() / 1000);
  const der = readFileSync(certificate, 'utf8').replaceAll(/-----.*-----|\s/g, '');
  const access = scopes.map((scope) => {
    const [, type = '', name = '', actions = ''] = /^([^:]+):(.+):([^:]+)$/.exec(scope) ?? [];
    return { type, name, actions: actions.split(',').filter((action) => allowed.includes(action)) };
  });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = [
    part({ typ: 'JWT', alg: 'ES256', x5c: [der] }),
    part({ iss: issuer, aud: service, sub: '', nbf: now - 10, iat: now, exp: now + 300, jti: String(now), access }),
  ].join('.');
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}
