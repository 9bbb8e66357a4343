import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, credentials } from '@grpc/grpc-js';
import { WebSocket } from 'ws';
import { priceText } from './prices-service.ts';

export interface LoadResult {
  requests: number;
  /** By what the client saw: a status other than 200 with Envoy's words for it, or an error's code. */
  failures: Record<string, number>;
  failed: number;
}

/** A client of one port: each call is one request, fulfilled with `ok` or with what went wrong. */
export interface LoadClient {
  send(number: number): Promise<string>;
  close(): void;
}

/** Keep-alive; every other one is a POST, unless other methods are named, which come in turn. */
export function httpClient(port: number, methods: readonly string[] = ['GET', 'POST']): LoadClient {
  const agent = new Agent({ keepAlive: true });
  return {
    send: (number) =>
      new Promise((resolve) => {
        const method = methods[number % methods.length];
        const sent = request({ host: '127.0.0.1', port, method, agent }, (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (chunk: string) => {
            body += chunk;
          });
          response.on('end', () => resolve(response.statusCode === 200 ? 'ok' : `${response.statusCode} ${body}`));
          response.on('error', () => resolve('cut'));
        });
        sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
        sent.end(method === 'POST' ? 'body' : undefined);
      }),
    close: () => agent.destroy(),
  };
}

export function grpcClient(port: number): LoadClient {
  const { serialize, deserialize } = priceText;
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { 'grpc.enable_http_proxy': 0 });
  return {
    send: () =>
      new Promise((resolve) => {
        client.makeUnaryRequest('/shop.Prices/Get', serialize, deserialize, 'pear', (error, reply) =>
          resolve(error === null ? (reply ?? '') : `${error.code} ${error.details}`),
        );
      }),
    close: () => client.close(),
  };
}

/** Twenty connections that stay. One that the server tells to go (1001) is made anew, and what it had not answered is sent again. */
export function webSocketClient(port: number): LoadClient {
  const connections = 20;
  const open = new Map<number, WebSocket>();
  const connectionAt = (slot: number): WebSocket => {
    const known = open.get(slot);
    if (known !== undefined) return known;
    const socket = new WebSocket(`ws://127.0.0.1:${port}`);
    // One for each message that is on its way.
    socket.setMaxListeners(0);
    socket.on('error', () => {}).on('close', () => open.delete(slot));
    open.set(slot, socket);
    return socket;
  };
  const send = (number: number): Promise<string> =>
    new Promise((resolve) => {
      const socket = connectionAt(number % connections);
      const onMessage = (text: unknown) => {
        if (String(text) !== String(number)) return;
        socket.off('message', onMessage).off('close', onClose);
        resolve('ok');
      };
      const onClose = (code: number) => resolve(code === 1001 ? send(number) : `closed with ${code}`);
      socket.on('message', onMessage).on('close', onClose);
      if (socket.readyState === WebSocket.OPEN) socket.send(String(number));
      else if (socket.readyState === WebSocket.CONNECTING) socket.once('open', () => socket.send(String(number)));
    });
  return {
    send,
    close() {
      for (const socket of open.values()) socket.terminate();
    },
  };
}

/** An open loop: requests start by the clock, whether or not earlier ones have ended. */
export function startLoad(client: LoadClient, perSecond: number) {
  const failures: Record<string, number> = {};
  const inFlight = new Set<Promise<void>>();
  let [requests, on] = [0, false];
  let running: Promise<void> | undefined;

  const send = () => {
    const done = client.send(requests++).then((outcome) => {
      inFlight.delete(done);
      if (outcome !== 'ok') failures[outcome] = (failures[outcome] ?? 0) + 1;
    });
    inFlight.add(done);
  };
  return {
    begin() {
      on = true;
      const startedAt = performance.now();
      running = (async () => {
        while (on) {
          const due = ((performance.now() - startedAt) * perSecond) / 1000;
          while (requests < due) send();
          await delay(1000 / perSecond);
        }
      })();
    },
    async end(): Promise<LoadResult> {
      on = false;
      await running;
      await Promise.all(inFlight);
      client.close();
      return { requests, failures, failed: Object.values(failures).reduce((sum, count) => sum + count, 0) };
    },
  };
}
