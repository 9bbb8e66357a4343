import { EndpointError, parseAdminUrl, parseHttpUrl } from '../mesh/ask/endpoint.ts';
import { protocolChecksByScheme } from '../mesh/ask/protocol-checks/by-scheme.ts';
import { meshNames, meshVariables } from '../mesh/profiles/profiles.ts';
import { modes } from '../mesh/wait/mode.ts';
import { proofs } from '../mesh/wait/proof.ts';
import { parseTarget } from '../mesh/wait/target.ts';
import * as accepted from '../shared/accepted.ts';
import { type Accepted, type AllSet, isObject, optionTable } from '../shared/option-table.ts';
import type { WaitForMeshOptions } from './wait-for-mesh-options.ts';

/** All options, every one set but for those that have no default. */
export type WaitOptions = AllSet<WaitForMeshOptions, 'adminUrl' | 'readyUrl' | 'signal' | 'onProgress' | 'env'>;

const isList = (value: unknown): boolean => Array.isArray(value);
const meshes = ['auto', ...meshNames];
const mesh = accepted.either(
  `'auto', 'none', a mesh or a list of meshes: ${meshNames.join(', ')}`,
  isList,
  accepted.listOf('a list of meshes', accepted.oneOf(meshes, `a mesh: ${meshes.join(', ')}`)),
  accepted.oneOf([...meshes, 'none']),
);

const servers = [...protocolChecksByScheme.keys()].map((scheme) => `${scheme}://HOST`).join(', ');
const address = accepted.readable(
  `an address: http://HOST:PORT/PATH, tcp://HOST:PORT, unix:PATH, file:PATH, or that of a server (${servers})`,
  parseTarget,
  EndpointError,
);

/** One address, or one for each of several sidecars, by the mesh. */
function addressOfSidecar(form: string, read: (text: string) => unknown): Accepted {
  const one = accepted.readable(`an address: ${form}`, read, EndpointError);
  const names = accepted.oneOf(meshNames);
  const byMesh = accepted.byName('an object of addresses by mesh', one);
  return accepted.either(
    `an address: ${form}, or an object of addresses by mesh`,
    (value) => typeof value === 'object' && value !== null,
    {
      ...byMesh,
      faultOf: (value) => {
        if (isObject(value) && Object.keys(value).length === 0) return { at: '', value, accepts: byMesh.accepts };
        for (const name of isObject(value) ? Object.keys(value) : []) {
          const fault = names.faultOf(name);
          if (fault) return { ...fault, at: '' };
        }
        return byMesh.faultOf(value);
      },
    },
    one,
  );
}

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
    text: "`auto`: do not wait for a sidecar that is not named where nothing listens outside Kubernetes, nor for Istio's in an ambient pod. `required`: always wait. `optional`: as `auto`, and a wait that runs out is not an error.",
  },
  mesh: {
    ...mesh,
    default: 'auto',
    text: "Whose sidecar to wait for; of a list, all must be ready. `auto`: an Envoy on Istio's port, which says by itself whose it is. `none`: no sidecar.",
  },
  adminUrl: {
    ...addressOfSidecar('http://HOST:PORT or unix:PATH', parseAdminUrl),
    default: undefined,
    defaultText: 'that of the mesh',
    text: "The address of Envoy's admin interface.",
  },
  readyUrl: {
    ...addressOfSidecar('http://HOST:PORT/PATH', parseHttpUrl),
    default: undefined,
    defaultText: 'that of the mesh',
    text: 'A readiness address that must answer 200 as well.',
  },
  proof: {
    ...accepted.oneOf(proofs),
    default: 'auto',
    text: "What proves that an Envoy carries traffic. `auto`: on Istio its agent's word, elsewhere what its statistics say of workers and listeners. `live`: its workers have started. `listeners`: and a listener is open.",
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
    text: `Where \`KUBERNETES_SERVICE_HOST\`, \`MESH_SHIM_DISABLED\` and what a mesh says of its sidecar (${meshVariables.map((name) => `\`${name}\``).join(', ')}) are read, at the call. No other variable is read.`,
  },
});
