import { createJsonPathScanner } from './json-path-scanner.ts';
import type { ByteString } from './transport.ts';

/** The states of an Envoy server (envoy.admin.v3.ServerInfo.State), in the order of a healthy life. */
export const envoyStates = ['PRE_INITIALIZING', 'INITIALIZING', 'LIVE', 'DRAINING'] as const;
export type EnvoyState = (typeof envoyStates)[number];

/** What Envoy's admin says of itself in `GET /server_info`, as far as a wait needs it. */
export interface ServerInfo {
  readonly state: EnvoyState;
  readonly version?: string;
  readonly nodeId?: string;
  /** Present when the proxy is Istio's. */
  readonly istio?: {
    readonly version?: string;
    /** The port on which Istio's agent answers /healthz/ready through Envoy; 15021 unless the mesh moved it. */
    readonly statusPort?: number;
  };
}

/** Where the facts stand in the document. Only the top-level state counts: labels of users may be called `state`, too. */
const paths = {
  state: 'state',
  version: 'version',
  nodeId: 'node/id',
  istioVersion: 'node/metadata/ISTIO_VERSION',
  statusPort: 'node/metadata/ENVOY_STATUS_PORT',
} as const;

/** Node ids that Istio gives to its proxies begin with their role. */
const istioRoles = ['sidecar~', 'router~', 'waypoint~'];

/**
 * Reads /server_info while it arrives. With Istio the document has 86 to 126 KB, of which the first 3 say all that is
 * needed; but nothing here depends on that order: a document that comes otherwise is read to its end.
 */
export function createServerInfoReader(): {
  /** Takes the next piece; answers whether enough has been seen. */
  push(piece: ByteString): boolean;
  /** What has been seen, once push has answered true. */
  seen(): ServerInfo | undefined;
} {
  let enough = false;
  const scanner = createJsonPathScanner(Object.values(paths), 'node/metadata', ({ found, closed }) => {
    enough =
      found.has(paths.state) &&
      found.has(paths.nodeId) &&
      (closed || asPort(found.get(paths.statusPort)) !== undefined);
    return enough;
  });
  return {
    push(piece) {
      scanner.push(piece);
      return enough;
    },
    seen() {
      return enough ? describe((path) => scanner.found.get(path)) : undefined;
    },
  };
}

/** Reads a whole body of /server_info: JSON of any version, or the one line of text of Envoy 1.8 and older. */
export function parseServerInfo(body: ByteString): ServerInfo | undefined {
  const firstLine = body.slice(0, 512).split('\n', 1)[0] ?? '';
  if (firstLine.startsWith('envoy ')) return parseTextServerInfo(firstLine);
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return undefined; // cut off, nested too deep or not JSON: in any case not a document that proves something
  }
  return describe((path) => path.split('/').reduce(member, document));
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/** `envoy COMMIT/BUILD live 59 59 0`: the third word is `live` or `draining`. */
function parseTextServerInfo(line: string): ServerInfo | undefined {
  const [, version, word] = line.split(' ');
  const state = word === 'live' ? 'LIVE' : word === 'draining' ? 'DRAINING' : undefined;
  return state && version ? { state, version } : undefined;
}

function describe(valueAt: (path: string) => unknown): ServerInfo | undefined {
  const state = envoyStates.find((name) => name === valueAt(paths.state));
  if (!state) return undefined;
  const version = asText(valueAt(paths.version));
  const nodeId = asText(valueAt(paths.nodeId));
  const istioVersion = asText(valueAt(paths.istioVersion));
  const statusPort = asPort(valueAt(paths.statusPort));
  const isIstio = istioRoles.some((role) => nodeId?.startsWith(role)) || istioVersion !== undefined || statusPort;
  return {
    state,
    ...(version === undefined ? {} : { version }),
    ...(nodeId === undefined ? {} : { nodeId }),
    ...(isIstio
      ? {
          istio: {
            ...(istioVersion === undefined ? {} : { version: istioVersion }),
            ...(statusPort === undefined ? {} : { statusPort }),
          },
        }
      : {}),
  };
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Metadata values come as numbers or as text, by the version of the agent. */
function asPort(value: unknown): number | undefined {
  const port = typeof value === 'string' ? Number(value) : value;
  return typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}
