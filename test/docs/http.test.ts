import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorCodesTable, optionsTable, trustTable } from '../../scripts/http-tables.ts';
import * as http from '../../src/http/index.ts';

const page = readFileSync('docs/http.md', 'utf8');
const recipes = readFileSync('docs/http-recipes.md', 'utf8');

test('the tables are those of the code', () => {
  expect(unpadded(page)).toContain(unpadded(optionsTable()));
  expect(unpadded(page)).toContain(unpadded(trustTable()));
  expect(unpadded(page)).toContain(unpadded(errorCodesTable()));
});

/** The formatter lines up the columns of tables. */
function unpadded(markdown: string): string {
  return markdown
    .replaceAll(/ +\|/g, ' |')
    .replaceAll(/-{3,}/g, '---')
    .replaceAll(/\| -/g, '|-')
    .replaceAll(/- \|/g, '-|');
}

test('the default level is told', () => {
  expect(page).toContain(`The default of \`trustSidecar\` is \`'${http.retryOptionTable[0]?.fallback}'\``);
});

test('every error code of the code is documented, and none extra', () => {
  const documented = new Set(page.match(/MESH_[A-Z_]+/g));
  expect(documented).toEqual(new Set(http.httpErrorCodes.map(({ code }) => code)));
});

test('every channel is documented, and none extra', () => {
  expect(new Set(page.match(/mesh-shim:http:[a-z-]+/g))).toEqual(new Set(Object.values(http.httpChannels)));
});

test('every function and class that an application calls is named', () => {
  for (const [name, value] of Object.entries(http)) {
    if (typeof value === 'function') expect(page + recipes, name).toContain(name);
  }
});

test.each(['got', 'ky', 'axios', 'grpc'])('the recipe for %s is the tested one', (name) => {
  const code = readFileSync(`examples/recipes/${name}.ts`, 'utf8').replaceAll(
    "'../../src/http/index.ts'",
    "'mesh-shim'",
  );
  expect(recipes).toContain(code.trim());
});
