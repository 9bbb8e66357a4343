import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

/** Whether no browser is installed here; said aloud. */
export function browserMissing(): boolean {
  if (executable === undefined) process.stderr.write('SKIPPED: no Chromium is installed (apt-get install chromium)\n');
  return executable === undefined;
}

export function startBrowser(): Promise<Browser> {
  // Root, as in a container, gets no sandbox.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: executable as string, args });
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Any server of files: the folder below `base`, and nothing else. */
export async function serveFolder(folder: string, base: string) {
  const server = createServer((request, reply) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    let file = join(folder, normalize(path.slice(base.length - 1)));
    if (existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html');
    if (!path.startsWith(base) || !existsSync(file)) return void reply.writeHead(404).end();
    reply.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain' }).end(readFileSync(file));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}${base}`, close: () => server.close() };
}

/** A page, and what went wrong on it: errors, and requests to other hosts. */
export async function watchedPage(
  browser: Browser,
  url: string,
): Promise<{ page: Page; faults: string[]; close(): Promise<void> }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    const { host, protocol } = new URL(request.url());
    if (host !== new URL(url).host && !['data:', 'blob:'].includes(protocol)) faults.push(`asked ${request.url()}`);
  });
  return { page, faults, close: () => context.close() };
}
