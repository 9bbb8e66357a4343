import { BlockList, isIP } from 'node:net';
import process from 'node:process';
import type { Agent, Dispatcher } from 'undici';
import { undici } from './undici.ts';

/** Whether the environment's proxy is used: as Node itself has been told, or always, or never. */
export type ProxyUse = 'as-node' | 'environment' | 'none';

/** Node's own `fetch` takes the environment's proxy (Node's documentation of the command line, 24 and 26). */
export function nodeUsesEnvironmentProxy(): boolean {
  const { NODE_USE_ENV_PROXY: variable, NODE_OPTIONS: options = '' } = process.env;
  return variable === '1' || [...process.execArgv, ...options.split(' ')].includes('--use-env-proxy');
}

/**
 * An Agent, or where the environment's proxy is used one with a proxy for what lies outside.
 *
 * @throws what undici throws for wrong options and for a proxy's address that is none
 */
export function createTransport(given: Agent.Options | undefined, use: ProxyUse): Dispatcher {
  // Over HTTP/2 undici takes a reply for whole whose stream was cut with the codes NO_ERROR or CANCEL (8.13.1; found with real frames).
  const options: Agent.Options = { allowH2: false, ...given };
  const direct = new (undici().Agent)(options);
  const { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY } = process.env;
  const isTold = use === 'environment' || (use === 'as-node' && nodeUsesEnvironmentProxy());
  if (!isTold || !(http_proxy || HTTP_PROXY || https_proxy || HTTPS_PROXY)) return direct;
  // What a proxy's agent calls the TLS of the address behind the proxy.
  const requestTls = typeof options.connect === 'object' ? { requestTls: options.connect } : {};
  const proxied = new (undici().EnvHttpProxyAgent)({ ...options, ...requestTls });
  proxyingClass ??= createProxyingClass();
  return new proxyingClass(direct, proxied);
}

let proxyingClass: ReturnType<typeof createProxyingClass> | undefined;

/** Made when it is needed, for what it extends is not loaded before. */
function createProxyingClass() {
  return class ProxyOutside extends undici().Dispatcher {
    readonly #direct: Dispatcher;
    readonly #proxied: Dispatcher;

    constructor(direct: Dispatcher, proxied: Dispatcher) {
      super();
      this.#direct = direct;
      this.#proxied = proxied;
    }

    override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
      const { origin } = options;
      const isDirect = origin === undefined || isInside(new URL(origin).hostname);
      return (isDirect ? this.#direct : this.#proxied).dispatch(options, handler);
    }

    override async close(...[callback]: [] | [() => void]): Promise<void> {
      await Promise.all([this.#direct.close(), this.#proxied.close()]);
      callback?.();
    }

    override async destroy(...args: [] | [unknown] | [unknown, unknown]): Promise<void> {
      const error = (args.find((arg) => arg instanceof Error) ?? null) as Error | null;
      await Promise.all([this.#direct.destroy(error), this.#proxied.destroy(error)]);
      for (const arg of args) if (typeof arg === 'function') arg();
    }
  };
}

// No proxy on the internet gets there: this machine, private networks and what clouds give to pods.
const privateRanges = [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
  ['240.0.0.0', 4],
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const;

let privateAddresses: BlockList | undefined;

/**
 * This machine, the cluster, the mesh, by their names and addresses. A name of two labels (`orders.shop`) may be a service and its
 * namespace, or a site on the internet; it counts as outside.
 *
 * @param hostname as URL gives it
 */
export function isInside(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase();
  const version = isIP(name);
  if (version !== 0) return isPrivate(name, version === 4 ? 'ipv4' : 'ipv6');
  const labels = name.split('.');
  const [last = ''] = labels.slice(-1);
  return (
    labels.length === 1 || ['localhost', 'local', 'internal', 'svc'].includes(last) || labels.slice(2).includes('svc')
  );
}

function isPrivate(address: string, family: 'ipv4' | 'ipv6'): boolean {
  if (privateAddresses === undefined) {
    privateAddresses = new BlockList();
    for (const [net, prefix] of privateRanges)
      privateAddresses.addSubnet(net, prefix, isIP(net) === 4 ? 'ipv4' : 'ipv6');
  }
  return privateAddresses.check(address, family);
}
