import process from 'node:process';
import type { Agent, Dispatcher, request } from 'undici';
import { isSupportedNode, oldestNode } from '../../shared/node-version.ts';
import type { ImageAccess } from '../image-config.ts';
import { ImageError } from '../image-error.ts';
import { isLoopback } from './registry-address.ts';

/** The HTTP client, with its connections. */
export interface Http {
  readonly request: typeof request;
  dispatcherFor(url: URL): Dispatcher;
  close(): Promise<void>;
}

const connectMs = 10_000;

/**
 * Loads the HTTP client, which the tools do without: it does not start on the oldest Node that they run on.
 *
 * @throws ImageError (IMAGE_NODE)
 */
export async function startHttp(env: ImageAccess['env'], timeoutMs: number, reference: string): Promise<Http> {
  const { node } = process.versions;
  if (!isSupportedNode(node)) {
    throw new ImageError('IMAGE_NODE', reference, `registries are asked from Node ${oldestNode} on, this is ${node}`);
  }
  const { Agent, EnvHttpProxyAgent, request } = await import('undici');
  // Over HTTP/2 undici takes a reply for whole whose stream was cut with the codes NO_ERROR or CANCEL (8.13.1; found with real frames).
  const options: Agent.Options = {
    allowH2: false,
    connectTimeout: Math.min(connectMs, timeoutMs),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  };
  const [http, https, no] = ['http_proxy', 'https_proxy', 'no_proxy'].map(
    (name) => env[name] || env[name.toUpperCase()],
  );
  const direct = new Agent(options);
  const proxied =
    http || https
      ? new EnvHttpProxyAgent({ ...options, httpProxy: http ?? '', httpsProxy: https ?? '', noProxy: no ?? '' })
      : direct;
  return {
    request,
    // No proxy stands before this machine: so Go has it, and with it Docker (net/http, ProxyFromEnvironment).
    dispatcherFor: ({ hostname }) => (isLoopback(hostname) ? direct : proxied),
    close: async () => {
      await Promise.all([...new Set<Dispatcher>([direct, proxied])].map((one) => one.destroy()));
    },
  };
}
