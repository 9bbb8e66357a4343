import { EndpointError, parseAdminUrl, parseHttpUrl } from '../mesh/ask/endpoint.ts';
import { protocolChecksByScheme } from '../mesh/ask/protocol-checks/by-scheme.ts';
import { modes } from '../mesh/wait/presence.ts';
import { meshProfiles } from '../mesh/wait/profiles.ts';
import { parseTarget } from '../mesh/wait/target.ts';
import * as accepted from '../shared/accepted.ts';
import { type AllSet, isObject, optionTable } from '../shared/option-table.ts';
import type { WaitForMeshOptions } from './wait-for-mesh-options.ts';

/** All options, every one set but for those that have no default. */
export type WaitOptions = AllSet<WaitForMeshOptions, 'adminUrl' | 'readyUrl' | 'signal' | 'onProgress' | 'env'>;

const isList = (value: unknown): boolean => Array.isArray(value);
const meshes = ['auto', ...Object.keys(meshProfiles)];
const mesh = accepted.either(
  `'auto', 'none', a mesh or a list of meshes: ${Object.keys(meshProfiles).join(', ')}`,
  isList,
  accepted.listOf('a list of meshes', accepted.oneOf(meshes, `a mesh: ${meshes.join(', ')}`)),
  accepted.oneOf([...meshes, 'none']),
);

const servers = [...protocolChecksByScheme.keys()].map((scheme) => `${scheme}://HOST`).join(', ');
const address = accepted.readable(
  `an address: http://HOST:PORT/PATH, tcp://HOST:PORT, unix:PATH, or that of a server (${servers})`,
  parseTarget,
  EndpointError,
);

/** The options of `waitForMesh`. */
export const waitOptionTable = optionTable<WaitOptions>({
  timeoutMs: {
    ...accepted.durationMs(0),
    default: 60_000,
    text: 'Time for the whole wait; 0 means no limit.',
    reason: "The same as the shim's.",
  },
  mode: {
    ...accepted.oneOf(modes),
    default: 'auto',
    text: '`auto`: do not wait where nothing listens outside Kubernetes, nor in an ambient pod. `required`: always wait. `optional`: as `auto`, and a wait that runs out is not an error.',
  },
  mesh: {
    ...mesh,
    default: 'auto',
    text: "Whose sidecar to wait for; of a list, all must be ready. `auto`: an Envoy on Istio's port, which says by itself whose it is. `none`: no sidecar.",
  },
  adminUrl: {
    ...accepted.readable('an address: http://HOST:PORT or unix:PATH', parseAdminUrl, EndpointError),
    default: undefined,
    defaultText: 'that of the mesh',
    text: "The address of Envoy's admin interface.",
  },
  readyUrl: {
    ...accepted.readable('an address: http://HOST:PORT/PATH', parseHttpUrl, EndpointError),
    default: undefined,
    defaultText: 'that of the mesh',
    text: 'A readiness address that must answer 200 as well.',
  },
  waitFor: {
    ...accepted.either(
      address.accepts.replace('an address', 'an address or a list of addresses'),
      isList,
      accepted.listOf('a list of addresses', address),
      address,
    ),
    default: [],
    text: 'What else to wait for, once the sidecar is ready.',
  },
  probeTimeoutMs: {
    ...accepted.durationMs(0),
    default: 5_000,
    text: 'Time for one question; 0 means no limit but `timeoutMs`.',
  },
  intervalMs: {
    ...accepted.durationMs(1),
    default: 10,
    text: 'Time from one question to the next, at first; later it grows to 100 ms.',
  },
  signal: {
    ...accepted.abortSignal,
    default: undefined,
    text: "Ends this caller's wait, which then rejects with the signal's reason.",
  },
  logger: {
    ...accepted.logger,
    text: 'Gets a line for each new reason to wait and for the result.',
  },
  onProgress: {
    ...accepted.callback,
    default: undefined,
    text: 'Called with each new reason to wait: `{ subject, ready, reason, waitedMs, probes }`.',
  },
  env: {
    ...accepted.that('an object of environment variables', isObject),
    default: undefined,
    defaultText: '`process.env`',
    text: 'Where `KUBERNETES_SERVICE_HOST` and `MESH_SHIM_DISABLED` are read, at the call. No other variable is read.',
  },
});
