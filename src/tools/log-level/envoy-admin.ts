import { createAsker } from '../../mesh/ask/asker.ts';
import { createCancelSource } from '../../mesh/ask/cancel.ts';
import { type Endpoint, withPath } from '../../mesh/ask/endpoint.ts';
import { nodeClock, nodeTransport } from '../../sockets/node-transport.ts';
import { ToolError } from '../tool.ts';

/** Envoy's main thread answers, and is busy for seconds while configuration loads. */
const timeLimitMs = 10_000;

/** Sends a POST to Envoy's admin and resolves with the body. @throws ToolError when it is not there or refuses */
export async function postToAdmin(admin: Endpoint, path: string): Promise<string> {
  const asker = createAsker(nodeTransport, nodeClock);
  const endpoint = withPath(admin, path);
  const seen = await asker.ask({ kind: 'text', endpoint, method: 'POST' }, timeLimitMs, createCancelSource().signal);
  asker.close();
  if (seen.kind === 'reply' && seen.status === 200) return seen.body;
  if (seen.kind === 'reply') {
    const [line] = seen.body.trim().split('\n');
    throw new ToolError(`the sidecar's admin refused POST ${path}: ${seen.status} ${line}`.trimEnd());
  }
  const why = seen.kind === 'failed' ? seen.detail : seen.kind;
  throw new ToolError(
    `cannot ask the sidecar's admin at ${admin.text}: ${why}; run this inside the pod, or name its address with --admin-url`,
  );
}
