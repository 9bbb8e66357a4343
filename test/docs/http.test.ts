import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as http from '../../src/http/index.ts';
import { classifyReply } from '../../src/mesh/replies/envoy-reply.ts';
import { describeResponseFlag, describeResponseFlags } from '../../src/mesh/replies/response-flags.ts';
import { MeshOptionError } from '../../src/shared/mesh-option-error.ts';

const page = readFileSync('docs/http.md', 'utf8');
const recipes = readFileSync('docs/http-recipes.md', 'utf8');

test('the default level is told', () => {
  expect(page).toContain(`The default of \`trustSidecar\` is \`'${http.retryOptionTable[0]?.default}'\``);
});

test('every error code of the code is documented, and none extra', () => {
  const documented = new Set(page.match(/MESH_[A-Z_]+/g));
  expect(documented).toEqual(new Set(http.httpErrorCodes.map(({ code }) => code)));
});

test('every channel is documented, and none extra', () => {
  expect(new Set(page.match(/mesh-shim:http:[a-z-]+/g))).toEqual(new Set(Object.values(http.httpChannels)));
});

test('every function and class that an application calls is named', () => {
  const replies = { classifyReply, describeResponseFlag, describeResponseFlags };
  for (const [name, value] of Object.entries({ ...http, ...replies, MeshOptionError })) {
    if (typeof value === 'function') expect(page + recipes, name).toContain(name);
  }
});
