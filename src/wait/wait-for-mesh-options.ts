import type { MeshName } from '../mesh/profiles/profiles.ts';
import type { Mode } from '../mesh/wait/mode.ts';
import type { Proof } from '../mesh/wait/proof.ts';
import type { WaitProgress } from '../mesh/wait/wait.ts';
import type { Logger } from '../shared/logger.ts';

/** Options of `waitForMesh`; `undefined` means the default. */
export interface WaitForMeshOptions {
  /**
   * Time for the whole wait; 0 means no limit.
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: `60000` ms. The same as the shim's.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * `auto`: do not wait for a sidecar that is not named where nothing listens outside Kubernetes, nor for Istio's in an
   * ambient pod. `required`: always wait. `optional`: as `auto`, and a wait that runs out is not an error.
   *
   * Must be 'auto', 'required' or 'optional'. Default: `'auto'`.
   */
  readonly mode?: Mode | undefined;
  /**
   * Whose sidecar to wait for; of a list, all must be ready. `auto`: an Envoy on Istio's port, which says by itself
   * whose it is. `none`: no sidecar.
   *
   * Must be 'auto', 'none', a mesh or a list of meshes: istio, envoy, linkerd, consul, kuma, dapr, cloud-sql-proxy.
   * Default: `'auto'`.
   */
  readonly mesh?: 'auto' | 'none' | MeshName | readonly MeshName[] | undefined;
  /**
   * The address of Envoy's admin interface.
   *
   * Must be an address: http://HOST:PORT or unix:PATH, or an object of addresses by mesh. Default: that of the mesh.
   */
  readonly adminUrl?: string | Readonly<Partial<Record<MeshName, string>>> | undefined;
  /**
   * A readiness address that must answer 200 as well.
   *
   * Must be an address: http://HOST:PORT/PATH, or an object of addresses by mesh. Default: that of the mesh.
   */
  readonly readyUrl?: string | Readonly<Partial<Record<MeshName, string>>> | undefined;
  /**
   * What proves that an Envoy carries traffic. `auto`: on Istio its agent's word, elsewhere what its statistics say of
   * workers and listeners. `live`: its workers have started. `listeners`: and a listener is open.
   *
   * Must be 'auto', 'live' or 'listeners'. Default: `'auto'`.
   */
  readonly proof?: Proof | undefined;
  /**
   * What else to wait for, once the sidecar is ready.
   *
   * Must be an address or a list of addresses: http://HOST:PORT/PATH, tcp://HOST:PORT, unix:PATH, file:PATH, or that of
   * a server (postgres://HOST, postgresql://HOST, mysql://HOST, mariadb://HOST, redis://HOST, amqp://HOST,
   * kafka://HOST, mongodb://HOST). Default: `[]`.
   */
  readonly waitFor?: string | readonly string[] | undefined;
  /**
   * Time for one question; 0 means no limit but `timeoutMs`.
   *
   * Must be a number of milliseconds from 0 to 2147483647 (24 days). Default: `5000` ms.
   */
  readonly probeTimeoutMs?: number | undefined;
  /**
   * Time from one question to the next, at first; later it grows to 100 ms.
   *
   * Must be a number of milliseconds from 1 to 2147483647 (24 days). Default: `10` ms.
   */
  readonly intervalMs?: number | undefined;
  /**
   * Ends this caller's wait, which then rejects with the signal's reason.
   *
   * Must be an AbortSignal. Default: none.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Gets a line for each new reason to wait and for the result.
   *
   * Must be an object with the methods debug, info, warn and error, such as a pino logger. Default: JSON, on stderr. A
   * wait or a failure that nobody hears of is looked for elsewhere. An app with a logger of its own passes it.
   */
  readonly logger?: Logger | undefined;
  /**
   * Called with each new reason to wait: `{ subject, ready, reason, waitedMs, probes }`.
   *
   * Must be a function. Default: none.
   */
  readonly onProgress?: ((progress: WaitProgress) => void) | undefined;
  /**
   * Where `KUBERNETES_SERVICE_HOST`, `MESH_SHIM_DISABLED` and what a mesh says of its sidecar (`DAPR_HTTP_PORT`,
   * `DAPR_API_TOKEN`, `CSQL_PROXY_QUIT_URLS`) are read, at the call. No other variable is read.
   *
   * Must be an object of environment variables. Default: `process.env`.
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}
