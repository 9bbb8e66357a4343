import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** `hang`: no answer, ever. `reset`: the connection is cut once the request has been read. */
export type Answer = number | 'hang' | 'reset' | { readonly status: number; readonly body: string };

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** By performance.now(). */
  readonly atMs: number;
}

export interface StandInSidecar {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  state: 'PRE_INITIALIZING' | 'INITIALIZING' | 'LIVE' | 'DRAINING';
  /** What `POST /quitquitquit` and other POSTs get, one after the other; the last one stays. */
  quitAnswers: Answer[];
  /** Per path, before everything else. */
  readonly answers: Map<string, Answer>;
  /** The POSTs. */
  quits(): SeenRequest[];
  /** Resolves when a request has come for which this is true. */
  asked(check: (request: SeenRequest) => boolean): Promise<SeenRequest>;
}

/**
 * A stand-in for a sidecar, to force moments that a real Envoy cannot be made to show: it answers as an Envoy without
 * a mesh does, except where it is told otherwise. The real one is in test/mesh.
 */
export async function startStandInSidecar(
  options: { socketPath?: string; port?: number } = {},
): Promise<StandInSidecar> {
  const requests: SeenRequest[] = [];
  const watchers = new Set<(request: SeenRequest) => void>();
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const seen = { method: request.method ?? '', path, atMs: performance.now() };
    requests.push(seen);
    request.resume();
    const scripted = sidecar.answers.get(path);
    if (scripted !== undefined) give(response, scripted);
    else if (seen.method === 'POST') {
      give(response, (sidecar.quitAnswers.length > 1 ? sidecar.quitAnswers.shift() : sidecar.quitAnswers[0]) ?? 200);
    } else giveAsEnvoy(response, path, sidecar.state);
    for (const watcher of watchers) watcher(seen);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if (options.socketPath) server.listen(options.socketPath, resolve);
    else server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const sidecar: StandInSidecar = {
    url: options.socketPath
      ? `unix:${options.socketPath}`
      : `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    state: 'LIVE',
    quitAnswers: [200],
    answers: new Map(),
    quits: () => requests.filter(({ method }) => method === 'POST'),
    asked: (check) =>
      new Promise((resolve) => {
        const before = requests.find(check);
        if (before) return resolve(before);
        const watcher = (request: SeenRequest): void => {
          if (!check(request)) return;
          watchers.delete(watcher);
          resolve(request);
        };
        watchers.add(watcher);
      }),
  };
  return sidecar;
}

function give(response: ServerResponse, answer: Answer): void {
  if (answer === 'hang') return;
  if (answer === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const { status, body } = typeof answer === 'number' ? { status: answer, body: '' } : answer;
  response.writeHead(status).end(body);
}

function giveAsEnvoy(response: ServerResponse, path: string, state: StandInSidecar['state']): void {
  if (path === '/ready') give(response, { status: state === 'LIVE' ? 200 : 503, body: `${state}\n` });
  else if (path === '/server_info') {
    give(response, { status: 200, body: JSON.stringify({ version: 'stand-in', state, node: { id: 'stand-in' } }) });
  } else if (path === '/stats') give(response, { status: 200, body: 'listener_manager.workers_started: 1\n' });
  else give(response, 404);
}
