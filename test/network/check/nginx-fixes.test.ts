import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findServer } from '../../../scripts/server-binary.ts';
import { speakHttp11 } from '../../../src/check/fix/nginx-http11.ts';
import { http10Passes } from '../../../src/check/model/nginx/http10-passes.ts';
import { parseNginx } from '../../../src/check/model/nginx/parse-nginx.ts';
import { freePort } from '../../helpers/free-port.ts';
import { ownAddress } from '../../helpers/own-address.ts';
import { runServer, serverMissing } from '../../helpers/servers.ts';
import { until } from '../../helpers/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'mesh-shim-nginx-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** In a whole configuration. `UP` is an upstream that is not in the own pod, `PORT` where nginx listens. */
const whole = (http: string) =>
  `pid ${folder}/nginx.pid;\nevents {}\nhttp {\n  access_log off;\n  resolver 127.0.0.1;\n  ${http}\n}\n`;

const servers: readonly (readonly [string, string])[] = [
  [
    'a server with headers that its locations inherit',
    `server {
    listen PORT;
    proxy_set_header Host of-server;
    proxy_set_header X-Mine 1;
    location /a { proxy_pass http://UP; }
    location /b {
      proxy_pass http://UP;
    }
  }`,
  ],
  ['one line', 'server { listen PORT; location /a { proxy_pass http://UP; } location /b { proxy_pass http://UP; } }'],
  [
    'one location that says 1.1, and one that does not',
    `server {
    listen PORT;
    location /a { proxy_http_version 1.1; proxy_pass http://UP; }
    location /b { proxy_pass http://UP; }
  }`,
  ],
  [
    'an old version in the location',
    'server { listen PORT; location / { proxy_http_version 1.0; proxy_pass http://UP; } }',
  ],
  [
    'an old version in the server',
    `server {
    listen PORT; proxy_http_version "1.0";
    location /a { proxy_pass http://UP; }
    location /b { proxy_http_version 1.1; proxy_pass http://UP; }
  }`,
  ],
  ['an old version in http', 'proxy_http_version 1.0; server { listen PORT; location / { proxy_pass http://UP; } }'],
  ['1.1 in http', 'proxy_http_version 1.1; server { listen PORT; location / { proxy_pass http://UP; } }'],
  ['a variable', 'server { listen PORT; location / { set $up http://UP; proxy_pass $up; } }'],
  ['a variable for the host', 'server { listen PORT; set $up "UP"; location / { proxy_pass http://$' + '{up}/x; } }'],
  ['a map', 'map $uri $up { default UP; /b/ "UP"; } server { listen PORT; location / { proxy_pass http://$up; } }'],
  ['an upstream', 'upstream back { server UP; } server { listen PORT; location / { proxy_pass http://back; } }'],
  [
    'an if',
    `server {
    listen PORT;
    location / {
      if ($request_method = "GET") {
        proxy_pass http://UP;
      }
    }
  }`,
  ],
  [
    'locations in a location',
    `server {
    listen PORT;
    location / {
      proxy_pass http://UP;
      location /a/b { proxy_pass http://UP; }
      location /b { proxy_http_version 1.0; proxy_pass http://UP; }
    }
  }`,
  ],
  [
    'comments, quotes and odd places',
    `server { # { proxy_http_version 1.1;
    listen PORT; add_header X-Odd "}; #";
    location ~ "^/[ab]{1,2}" # a {
    {
      proxy_set_header X-Odd 'a;"b';proxy_pass
        http://UP;#}
    }
  }`,
  ],
];

describe.skipIf(serverMissing('nginx'))('a real nginx', () => {
  /** What an upstream is asked, by path. */
  const asked = new Map<string, { readonly version: string; readonly headers: object }>();
  const upstream = createServer((request, reply) => {
    const { connection: _, 'x-path': path, ...headers } = request.headers;
    asked.set(String(path), { version: request.httpVersion, headers });
    reply.end('ok');
  });
  beforeAll(async () => {
    upstream.listen(0, '0.0.0.0');
    await once(upstream, 'listening');
  });
  afterAll(() => upstream.close());

  /** What the upstream is asked, once nginx runs on this text. */
  async function ask(text: string, port: number) {
    const path = join(folder, 'nginx.conf');
    writeFileSync(path, text);
    const nginx = runServer('nginx', path);
    asked.clear();
    try {
      for (const place of ['/a', '/b', '/a/b']) {
        const headers = { 'x-path': place };
        await until('nginx', () => fetch(`http://127.0.0.1:${port}${place}`, { headers }));
      }
      return new Map(asked);
    } catch (error) {
      throw new Error(nginx.stderr(), { cause: error });
    } finally {
      await nginx.stop();
    }
  }

  it.each(servers)('%s: speaks HTTP/1.1 after the fix, and keeps its headers', async (_, http) => {
    const port = await freePort();
    const up = `${ownAddress()}:${(upstream.address() as AddressInfo).port}`;
    const text = whole(http.replaceAll('PORT', String(port)).replaceAll('UP', up));
    const before = await ask(text, port);
    const { edits = [] } = http10Passes(new Map([['nginx.conf', text]])).get('nginx.conf') ?? {};
    expect(edits.length > 0).toBe([...before.values()].some(({ version }) => version === '1.0'));
    const fixed = speakHttp11(text, edits);
    const after = await ask(fixed, port);
    expect(after).toEqual(new Map([...before].map(([place, one]) => [place, { ...one, version: '1.1' }])));
    expect(http10Passes(new Map([['nginx.conf', fixed]]))).toEqual(new Map());
  });

  it.each([
    'server { listen 80; location / { return 200 "a;b{c}"; } }',
    'server { listen 80; # } \n }',
    "server { listen 80; add_header A 'it\\'s'; }",
    'server { listen 80; return 200 $' + '{uri}; }',
    'server { listen 80; if ($uri = "a") { return 404; } }',
    'server { listen 80; location ~ "^/a{2}$" { } }',
    'map $uri $x { ~^/a\\;b 1; }',
    'server { listen 80; return 200 a#b; }',
    'server { listen 80 }',
    'server { listen 80; } }',
    'server { listen 80; { } }',
    'server { listen 80; return 200 "a; }',
    'server { listen 80; } server {',
    'server { listen 80;; }',
    'server { listen 80; return 200 "a"b; }',
    'server { listen 80; location ~ ^/a{2}$ { } }',
  ])('reads as the parser does: %s', (http) => {
    const path = join(folder, 'test.conf');
    writeFileSync(path, whole(http));
    const args = ['-t', '-q', '-p', folder, '-c', path, '-e', 'stderr'];
    const { stderr } = spawnSync(findServer('nginx') ?? 'nginx', args, { encoding: 'utf8' });
    const refused = /unexpected|directive "|is not terminated|unknown directive|invalid number/.test(stderr);
    expect(parseNginx(whole(http)) === undefined, stderr).toBe(refused);
  });
});
