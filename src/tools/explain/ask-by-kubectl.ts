import { execFile } from 'node:child_process';
import { ToolError, type ToolIo } from '../tool.ts';
import type { AskSidecar } from './ask-sidecar.ts';

export interface PodPlace {
  /** `web-0`, `deploy/web` */
  readonly pod: string;
  readonly namespace: string | undefined;
  readonly context: string | undefined;
}

const timeLimitMs = 30_000;
const longestAnswer = 256 * 1024 * 1024;

/**
 * Asks through `kubectl exec`, as istioctl does: the agent in the container of the sidecar sends the request, since its image
 * may have no other program.
 *
 * @throws ToolError for a pod's name that is none, and for what kubectl says
 */
export function askByKubectl({ pod, namespace, context }: PodPlace, io: ToolIo): AskSidecar {
  if (!/^(?:[a-z]+\/)?[a-z0-9][a-z0-9.-]*$/.test(pod)) {
    throw new ToolError(`--pod: ${JSON.stringify(pod)} is no name of a pod; name it as web-0, or deploy/web`);
  }
  const where = [
    ...(context === undefined ? [] : [`--context=${context}`]),
    ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
  ];
  return (path) =>
    new Promise((resolve, reject) => {
      const args = [...where, 'exec', pod, '--container=istio-proxy', '--', 'pilot-agent', 'request', 'GET', path];
      const options = { env: { ...io.env }, cwd: io.cwd, timeout: timeLimitMs, maxBuffer: longestAnswer };
      execFile('kubectl', args, options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new ToolError(failureOf(error, stderr, pod)));
      });
    });
}

function failureOf(error: Error & { code?: unknown; killed?: boolean }, stderr: string, pod: string): string {
  if (error.code === 'ENOENT') {
    return 'kubectl is not on the PATH; install it, or run this inside the pod without a POD: npx mesh-shim explain --pod';
  }
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('Defaulted container'));
  const said = lines.at(-1) ?? (error.killed ? `no answer within ${timeLimitMs / 1000} s` : error.message);
  const hint = /container.*not (?:found|valid)/i.test(said)
    ? '; it has no sidecar: is it in the mesh (mesh-shim explain not-injected), or ambient (mesh-shim explain ambient)?'
    : '';
  return `cannot ask the sidecar of ${pod} through kubectl: ${said}${hint}`;
}
