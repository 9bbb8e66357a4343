import { request } from 'node:http';
import { ToolError } from './tool.ts';

/** Envoy's main thread answers, and is busy for seconds while configuration loads. */
const timeLimitMs = 10_000;

/** Sends a POST to Envoy's admin and returns the body. @throws ToolError when it is not there or refuses */
export async function postToAdmin(admin: URL, path: string): Promise<string> {
  const hosts = admin.hostname === 'localhost' ? ['127.0.0.1', '::1'] : [admin.hostname.replace(/^\[|\]$/g, '')];
  let last: unknown;
  for (const host of hosts) {
    try {
      return await post(host, Number(admin.port || 80), path);
    } catch (error) {
      if (error instanceof ToolError) throw error;
      last = error;
    }
  }
  const why = last instanceof Error ? last.message : String(last);
  throw new ToolError(
    `no sidecar's admin at ${admin.origin}: ${why} (run it inside the pod, or name it with --admin)`,
    { cause: last },
  );
}

function post(host: string, port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, path, method: 'POST', agent: false, timeout: timeLimitMs }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode === 200) resolve(body);
        else
          reject(
            new ToolError(`the sidecar's admin refused ${path}: ${response.statusCode} ${body.trim().split('\n')[0]}`),
          );
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeLimitMs / 1000} s`)));
    sent.on('error', reject);
    sent.end();
  });
}
