type Members = { readonly [name: string]: unknown };

interface Mistaken {
  /** What it is. */
  readonly what: string;
  /** What to pass in its place; completes "pass". */
  readonly instead: string;
  /** Members that only it has; those that are functions end in `()`. */
  readonly members: readonly string[];
}

/** What is taken for a server and is none, or needs more than its close(). */
const mistaken: readonly Mistaken[] = [
  {
    what: 'a Nest application',
    instead: 'app.getHttpServer(), and { name, run: () => app.close() } in hooks',
    members: ['getHttpServer()', 'close()'],
  },
  {
    what: 'a Fastify instance',
    instead: 'app.server, and { name, run: () => app.close() } in hooks',
    members: ['inject()', 'server', 'close()'],
  },
  {
    what: 'a socket.io server',
    instead: "{ name: 'socket.io', close: () => io.close(), cut: () => io.disconnectSockets(true) }",
    members: ['of()', 'disconnectSockets()'],
  },
  {
    what: 'a WebSocketServer',
    instead: 'it in webSockets, and the server that it stands on here',
    members: ['handleUpgrade()', 'close()'],
  },
  { what: 'a health server', instead: 'it as the option health', members: ['setState()', 'close()'] },
  {
    what: 'an app of Express, Koa or the like',
    instead: 'what app.listen() returns, or http.createServer(app)',
    members: ['use()', 'listen()'],
  },
];

/** What somebody has given in the place of a server, and what to give; undefined where nobody knows it. */
export function notAServer(value: unknown): string | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  const object = value as Members;
  const has = (member: string) =>
    member.endsWith('()') ? typeof object[member.slice(0, -2)] === 'function' : object[member] !== undefined;
  const row = mistaken.find(({ members }) => members.every(has));
  return row && `${row.what}: pass ${row.instead}`;
}
