import { describe, expect, it } from 'vitest';
import { speakHttp11 } from '../../../../src/check/fix/nginx-http11.ts';
import { http10Passes } from '../../../../src/check/model/nginx/http10-passes.ts';
import { parseNginx } from '../../../../src/check/model/nginx/parse-nginx.ts';

/** What becomes of the files; undefined for one that is left alone. A `?` in front: the fix is not sure. */
function fixed(files: Readonly<Record<string, string>>) {
  const passes = http10Passes(new Map(Object.entries(files)));
  return Object.entries(files).map(([name, text]) => {
    const file = passes.get(name);
    return file && (file.sure ? '' : '?') + speakHttp11(text, file.edits);
  });
}
const one = (text: string) => fixed({ a: text })[0];
const line = 'proxy_http_version 1.1;';

describe('the version is added', () => {
  it('on a line of its own where proxy_pass has one, with the ends of lines that the file has', () => {
    expect(one('location / {\n\tproxy_pass http://a;\n}')).toBe(`location / {\n\t${line}\n\tproxy_pass http://a;\n}`);
    expect(one('location / {\r\n  proxy_pass http://a;\r\n}')).toBe(
      `location / {\r\n  ${line}\r\n  proxy_pass http://a;\r\n}`,
    );
    expect(one('location / { proxy_pass http://a; }')).toBe(`location / { ${line} proxy_pass http://a; }`);
  });

  it('once in a level, and not in those that inherit it', () => {
    const text =
      'location / { proxy_pass http://a; limit_except GET { proxy_pass http://b; } location /x { proxy_pass http://c; } }';
    expect(one(text)).toBe(text.replace('proxy_pass', `${line} proxy_pass`));
  });

  it('outside of if and limit_except, which do not take it', () => {
    expect(one('location / { limit_except GET { if ($a) { proxy_pass http://b; } } }')).toBe(
      `location / { ${line} limit_except GET { if ($a) { proxy_pass http://b; } } }`,
    );
  });

  it('not for sure where another file may have it in the same level', () => {
    expect(one('location / { include proxy; proxy_pass http://a; }')).toBe(
      `?location / { include proxy; ${line} proxy_pass http://a; }`,
    );
    expect(one('server { include proxy; location / { proxy_pass http://a; } }')).toBe(
      `server { include proxy; location / { ${line} proxy_pass http://a; } }`,
    );
    expect(one('proxy_pass http://a;')).toBe(`?${line}\nproxy_pass http://a;`);
  });
});

describe('files of one nginx', () => {
  const site = 'server { location / { proxy_pass http://a; } }';

  it('inherit from where they are included', () => {
    expect(fixed({ 'nginx.conf': `http { ${line} include /etc/nginx/conf.d/*.conf; }`, 'a.conf': site })).toEqual([
      undefined,
      undefined,
    ]);
    expect(fixed({ 'nginx.conf': `http { include conf.d/*.conf; }`, 'a.conf': site })[1]).toContain(line);
    expect(fixed({ 'nginx.conf': `http { ${line} include conf.d/*.inc; }`, 'a.conf': site })[1]).toContain(line);
    expect(
      fixed({ a: `server { ${line} include b; }`, b: 'location / { include c; }', c: 'proxy_pass http://a;' }),
    ).toEqual([undefined, undefined, undefined]);
  });

  it('hold for each other at the top, as those of conf.d', () => {
    expect(fixed({ '0.conf': line, 'a.conf': site })).toEqual([undefined, undefined]);
    expect(fixed({ '0.conf': `location /x { ${line} }`, 'a.conf': site })[1]).toContain(line);
    expect(fixed({ '0.conf': `server { ${line} }`, 'a.conf': site })[1]).toContain(line);
  });

  it('say the version for those that include them', () => {
    expect(fixed({ proxy: line, a: 'location / { include /etc/nginx/proxy; proxy_pass http://a; }' })).toEqual([
      undefined,
      undefined,
    ]);
    expect(
      fixed({ proxy: `if ($a) { ${line} }`, a: 'location / { include proxy; proxy_pass http://a; }' })[1],
    ).toContain(line);
  });

  it('are overruled where they say an old one', () => {
    expect(fixed({ 'nginx.conf': 'http { proxy_http_version 1.0; include *.conf; }', 'a.conf': site })).toEqual([
      undefined,
      `server { location / { ${line} proxy_pass http://a; } }`,
    ]);
  });

  it('may include each other in a circle', () => {
    expect(fixed({ a: 'include b; location / { proxy_pass http://a; }', b: 'include a;' })[0]).toContain(line);
  });
});

it.each([
  'proxy_pass http://127.0.0.1:3000;',
  'proxy_pass http://localhost;',
  'proxy_pass http://[::1]:80/;',
  'proxy_pass http://unix:/run/a.sock:/;',
  'proxy_pass https://a;',
  'proxy_pass $unknown;',
  'proxy_pass $scheme://a;',
  'set $up http://localhost:1; proxy_pass $up;',
  'set $up localhost; proxy_pass http://$up:1/x;',
  'set $a $b; set $b $a; proxy_pass $a;',
  'fastcgi_pass http://a;',
  '# proxy_pass http://a;',
  'return 200 "proxy_pass http://a;";',
])('%s speaks no HTTP/1.0 to anybody outside the pod', (text) => {
  expect(one(`location / { ${text} }`)).toBeUndefined();
});

it.each([
  'proxy_pass http://localhost.example.com;',
  'proxy_pass http://$host;',
  'set $a http://localhost; set $a http://a; proxy_pass $a;',
  'set $b a; set $a http://$b; proxy_pass $a/x;',
  'proxy_pass "http://a";',
  'content_by_lua_block { local t = { "}" } -- }\n ngx.say([[ } ]]) } proxy_pass http://a;',
])('%s does', (text) => {
  expect(one(`location / { ${text} }`)).toContain(line);
});

it('an upstream is in the pod where all its servers are', () => {
  const text = (...servers: string[]) =>
    `upstream u { ${servers.map((server) => `server ${server};`).join(' ')} } server { location / { proxy_pass http://u/x; } }`;
  expect(one(text('127.0.0.1:1', 'unix:/a'))).toBeUndefined();
  expect(one(text('127.0.0.1:1', 'a:1'))).toContain(line);
  expect(one(text())).toContain(line);
});

it('what is no configuration is left alone', () => {
  for (const text of [
    '#!/bin/sh\ncat <<EOF\nlocation / { proxy_pass http://a; }\n}\nEOF\n',
    'a {',
    '{',
    '"a',
    "a 'b' 'c'd;",
    '}',
  ])
    expect(one(text)).toBeUndefined();
  expect(parseNginx('a { '.repeat(10_000))).toBeUndefined();
  expect(parseNginx('x_by_lua_block { [[ ')).toBeUndefined();
});
