import { request } from 'node:http';
import { type Endpoint, EndpointError, parseAdminUrl, withPath } from '../../mesh/ask/endpoint.ts';
import type { Address } from '../../mesh/ask/transport.ts';
import { systemReason } from '../attempt.ts';
import { ToolError } from '../tool.ts';

/** Envoy's main thread answers, and is busy for seconds while configuration loads. */
const timeLimitMs = 10_000;
/** /clusters of a large mesh has tens of megabytes; a body that is longer is no answer to be read. */
const longestBody = 256 * 1024 * 1024;

/** Asks a sidecar's admin for a path; an empty text where it refuses. */
export type AskSidecar = (path: string) => Promise<string>;

/** The admin at an address, as seen from inside the pod. @throws ToolError where nothing listens there */
export function askAdmin(adminUrl: string): AskSidecar {
  const admin = adminAt(adminUrl);
  return async (path) => {
    let failure = '';
    for (const address of admin.addresses) {
      try {
        return await get(address, withPath(admin, path));
      } catch (error) {
        failure = reasonOf(error);
      }
    }
    throw new ToolError(
      `cannot ask the sidecar's admin at ${admin.text}: ${failure}; run this inside the pod, or name the POD (kubectl is used then); an ambient pod has no sidecar (mesh-shim explain ambient)`,
    );
  };
}

function reasonOf(error: unknown): string {
  if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return 'nothing listens there';
  return systemReason(error) ?? (error instanceof Error ? error.message : String(error));
}

function adminAt(text: string): Endpoint {
  try {
    return parseAdminUrl(text);
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    throw new ToolError(`--admin-url: ${error.message}`);
  }
}

function get(address: Address, { authority, path }: Endpoint): Promise<string> {
  const place = address.kind === 'tcp' ? { host: address.host, port: address.port } : { socketPath: address.path };
  return new Promise((resolve, reject) => {
    const sent = request(
      { ...place, path: encodeURI(path), headers: { host: authority }, timeout: timeLimitMs },
      (reply) => {
        let body = '';
        reply.setEncoding('utf8');
        reply.on('data', (piece: string) => {
          body += piece;
          if (body.length > longestBody) sent.destroy(new Error('its answer has no end'));
        });
        reply.on('end', () => resolve(reply.statusCode === 200 ? body : ''));
        reply.on('error', reject);
      },
    );
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeLimitMs / 1000} s`)));
    sent.on('error', reject);
    sent.end();
  });
}
