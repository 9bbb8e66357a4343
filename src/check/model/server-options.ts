/** How a server's command line says where it listens. */
export interface ServerOptions {
  readonly host: readonly string[];
  readonly port: readonly string[];
  /** Variables that say the same. */
  readonly hostVariable?: string;
  readonly portVariable?: string;
  /** Where it listens when nothing says so. */
  readonly byDefault: readonly [host: string, port: number];
}

/**
 * Servers by their program, and the word behind it where it does other things, too. Only for them `--host` is known to be their own address:
 * to others it is that of a server which they call. Source: the reference of each program's command line.
 */
const serverOptions: Readonly<Record<string, ServerOptions>> = {
  uvicorn: {
    host: ['--host'],
    port: ['--port'],
    hostVariable: 'UVICORN_HOST',
    portVariable: 'UVICORN_PORT',
    byDefault: ['127.0.0.1', 8000],
  },
  'flask run': {
    host: ['--host', '-h'],
    port: ['--port', '-p'],
    hostVariable: 'FLASK_RUN_HOST',
    portVariable: 'FLASK_RUN_PORT',
    byDefault: ['127.0.0.1', 5000],
  },
  'mlflow server': {
    host: ['--host', '-h'],
    port: ['--port', '-p'],
    hostVariable: 'MLFLOW_HOST',
    portVariable: 'MLFLOW_PORT',
    byDefault: ['127.0.0.1', 5000],
  },
  'vite preview': { host: ['--host'], port: ['--port'], byDefault: ['localhost', 4173] },
  'next start': {
    host: ['--hostname', '-H'],
    port: ['--port', '-p'],
    portVariable: 'PORT',
    byDefault: ['0.0.0.0', 3000],
  },
  'http-server': { host: ['-a'], port: ['-p', '--port'], byDefault: ['0.0.0.0', 8080] },
};

/** Undefined: it is none of them. `python -m uvicorn` is uvicorn. */
export function serverOptionsOf(program: string, args: readonly string[]): ServerOptions | undefined {
  if (/^python[\d.]*$/.test(program)) {
    const index = args.indexOf('-m');
    return index === -1 ? undefined : serverOptionsOf(args[index + 1] ?? '', args.slice(index + 2));
  }
  return [program, ...args.map((word) => `${program} ${word}`)]
    .map((name) => table.get(name))
    .find((options) => options !== undefined);
}

const table = new Map(Object.entries(serverOptions));
