import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../helpers/free-port.ts';
import { createPackageApp, type PackageApp, repository } from '../helpers/package-app.ts';
import { type Block, blocks } from '../helpers/page-blocks.ts';
import { printingToldValues, programOf, toldValues } from '../helpers/page-code.ts';
import { heldBy, rows } from './rows.ts';

// Each program of the pages is compiled and run in an app that has the package, with the imports that it shows.

const programs = blocks.filter(({ language, page }) => ['ts', 'js'].includes(language) && page !== 'CONTRIBUTING.md');
const fileOf = ({ page, line, language }: Block) =>
  `${page.replaceAll(/\W/g, '-')}-line-${line}.${language === 'js' ? 'mjs' : 'ts'}`;

/** The service `http://orders`: it says what it was asked. */
const orders = createServer(async (request, reply) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const asked = `${request.method} ${request.url} ${body}`;
  // JSON for who asks for it, as got's and ky's `.json()` do.
  const isJson = request.headers.accept === 'application/json';
  reply.end(isJson ? JSON.stringify({ asked }) : asked);
});

let app: PackageApp;
beforeAll(async () => {
  app = createPackageApp(join(repository, 'node_modules'));
  await new Promise<void>((listening) => orders.listen(0, '127.0.0.1', listening));
});
afterAll(() => {
  app.remove();
  orders.closeAllConnections();
  orders.close();
});

describe('compiles', () => {
  let errors: string[];
  beforeAll(async () => {
    for (const block of programs) app.write(fileOf(block), programOf(block, rows[block.name]));
    const options = {
      ...{ strict: true, noEmit: true, skipLibCheck: true, allowJs: true, types: ['node'] },
      ...{ target: 'es2024', lib: ['es2024'], module: 'nodenext', moduleResolution: 'nodenext' },
    };
    app.write('tsconfig.json', JSON.stringify({ compilerOptions: options, files: programs.map(fileOf) }));
    const compiler = join(repository, 'node_modules/typescript/bin/tsc');
    const { stdout, stderr } = await app.run(process.execPath, [compiler, '-p', app.folder, '--pretty', 'false']);
    errors = stdout.split('\n').filter((text) => text.includes('error TS'));
    if (stderr !== '') throw new Error(stderr);
  });

  it.each(programs.map((block) => [block.name, block] as const))('%s', (_, block) => {
    expect(errors.filter((text) => text.startsWith(fileOf(block)))).toEqual([]);
  });

  it('and the compiler has looked at them', () => {
    expect(errors.filter((text) => !programs.some((block) => text.startsWith(fileOf(block))))).toEqual([]);
    expect(programs.length).toBeGreaterThan(20);
  });
});

/** Addresses of a cluster, and fixed ports, in the places that this machine has. */
async function here(code: string): Promise<string> {
  return code
    .replaceAll('http://orders', `http://127.0.0.1:${(orders.address() as AddressInfo).port}`)
    .replaceAll('createHealthServer({', `createHealthServer({ port: ${await freePort()},`)
    .replaceAll('8080', `${await freePort()}`);
}

const runHere = programs.filter((block) => heldBy(block) === undefined);

describe.concurrent('runs', () => {
  const mark = 'it is ';

  it.each(runHere.map((block) => [block.name, block] as const))('%s', async (_, block) => {
    const { prints = '', ...completion } = rows[block.name] ?? {};
    const code = await here(printingToldValues(programOf(block, completion), mark));
    const file = app.write(`run-${fileOf(block)}`, code);
    const { code: exitCode, stdout, stderr } = await app.run(process.execPath, ['--no-warnings', file]);
    expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(prints);
    const values = stdout.split('\n').filter((line) => line.startsWith(mark));
    const found = values.map((line) => JSON.parse(line.slice(mark.length)) as unknown);
    const told = toldValues(block.code).map(({ value }) => value);
    expect(found).toHaveLength(told.length);
    // What a comment leaves out may be there.
    expect({ found }).toMatchObject({ found: told });
  });
});
