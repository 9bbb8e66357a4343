import type { Address, ConnectionEvents, Transport } from '../../src/mesh/ask/transport.ts';

/** What a server does with a request. `hang`: no answer, ever. `reset`: the connection ends before one. */
export type ServerAnswer = number | string | { readonly status: number; readonly body: string } | 'hang' | 'reset';

/** Answers `GET /path`, query included. */
export type Server = (request: string) => ServerAnswer;

export interface MemoryNetwork extends Transport {
  /** Serves at `HOST:PORT`; at other addresses nothing listens. */
  serve(address: string, server: Server): void;
  /** Nothing listens there any more. */
  stop(address: string): void;
  /** Connections there come neither about nor to nothing. */
  blackHole(address: string): void;
  /** All requests so far: `127.0.0.1:15000 GET /ready`. */
  readonly requests: readonly string[];
  /** Connections that have been opened and not closed. */
  open(): number;
  /** All that were tried so far. */
  connections(): number;
}

/** A machine's sockets, with servers that do what the test says: for moments that a real one cannot be made to show. */
export function createMemoryNetwork(): MemoryNetwork {
  const servers = new Map<string, Server>();
  const blackHoles = new Set<string>();
  const requests: string[] = [];
  let open = 0;
  let connections = 0;
  const nameOf = (address: Address): string =>
    address.kind === 'tcp' ? `${address.host}:${address.port}` : address.path;

  const connect = (address: Address, events: ConnectionEvents) => {
    const name = nameOf(address);
    let over = false;
    open++;
    connections++;
    const end = (): void => {
      if (!over) open--;
      over = true;
    };
    // No event comes from inside a call.
    const later = (event: () => void): void => queueMicrotask(() => !over && event());
    const endWith = (kind: 'refused' | 'reset', code: string): void =>
      later(() => {
        end();
        events.onEnd({ kind, code });
      });
    if (blackHoles.has(name)) return { send() {}, close: end };
    if (servers.has(name)) later(() => events.onConnect());
    else endWith('refused', 'ECONNREFUSED');
    return {
      send(bytes: string) {
        const request = bytes.slice(0, bytes.indexOf(' HTTP/1.1'));
        requests.push(`${name} ${request}`);
        const answer = servers.get(name)?.(request) ?? 'reset';
        if (answer === 'hang') return;
        if (answer === 'reset') endWith('reset', 'ECONNRESET');
        else for (const piece of piecesOf(replyOf(answer))) later(() => events.onData(piece));
      },
      close: end,
    };
  };

  return {
    connect,
    serve: (address, server) => void servers.set(address, server),
    stop: (address) => void servers.delete(address),
    blackHole: (address) => void blackHoles.add(address),
    requests,
    open: () => open,
    connections: () => connections,
  };
}

function replyOf(answer: Exclude<ServerAnswer, 'hang' | 'reset'>): string {
  const { status, body } =
    typeof answer === 'number'
      ? { status: answer, body: '' }
      : typeof answer === 'string'
        ? { status: 200, body: answer }
        : answer;
  return `HTTP/1.1 ${status} x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** As a socket gives them: not more than 64 KiB at a time. */
function piecesOf(bytes: string): string[] {
  const size = 64 * 1024;
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.slice(index * size, (index + 1) * size),
  );
}

/** Answers by path, the query left out; other paths are 404. */
export function byPath(answers: Readonly<Record<string, ServerAnswer>>): Server {
  return (request) => answers[request.replace(/^\w+ /, '').replace(/\?.*/, '')] ?? 404;
}

/** A sidecar's admin on Envoy's port: `istio` with its readiness and its agent, or a plain Envoy. */
export function serveSidecar(
  network: MemoryNetwork,
  kind: 'istio' | 'envoy',
  state = 'LIVE',
  adminAddress = '127.0.0.1:15000',
): void {
  const isLive = state === 'LIVE';
  const node =
    kind === 'istio' ? { id: 'sidecar~10.0.0.1~a~b', metadata: { ENVOY_STATUS_PORT: 15_021 } } : { id: 'front' };
  network.serve(
    adminAddress,
    byPath({
      '/ready': { status: isLive ? 200 : 503, body: `${state}\n` },
      '/server_info': JSON.stringify({ version: 'v', state, node }),
      '/stats': `listener_manager.workers_started: ${isLive ? 1 : 0}\n`,
      '/quitquitquit': 200,
    }),
  );
  if (kind === 'envoy') return;
  network.serve('127.0.0.1:15021', () => (isLive ? 200 : 503));
  network.serve('127.0.0.1:15020', byPath({ '/quitquitquit': 200 }));
}
