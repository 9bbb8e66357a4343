import { type Endpoint, parseAdminUrl, parseHttpUrl } from '../mesh/ask/endpoint.ts';
import { type MeshName, type MeshSelection, meshVariables } from '../mesh/profiles/profiles.ts';
import { DisabledError, disabledVariable, readDisabled } from '../mesh/wait/disabled.ts';
import type { Mode } from '../mesh/wait/mode.ts';
import {
  AddressOwnerError,
  addressesBySidecar,
  type GivenAddresses,
  type OwnedAddress,
} from '../mesh/wait/sidecar-addresses.ts';
import { parseTarget } from '../mesh/wait/target.ts';
import type { WaitProgress } from '../mesh/wait/wait.ts';
import { createWaitPlan, type PlanSettings, type WaitPlan } from '../mesh/wait/wait-plan.ts';
import type { Logger } from '../shared/logger.ts';
import { MeshOptionError } from '../shared/mesh-option-error.ts';
import { createOptionReader } from '../shared/option-table.ts';
import type { WaitForMeshOptions } from './wait-for-mesh-options.ts';
import { type WaitOptions, waitOptionTable } from './wait-option-table.ts';

export interface WaitSettings {
  /** Two calls with the same key can share one wait. */
  readonly key: string;
  readonly mode: Mode;
  /** A plan of its own for each wait: gates remember. */
  readonly createPlan: () => WaitPlan;
  readonly disabled: string | undefined;
  readonly kubernetesServiceHost: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly logger: Logger;
  readonly onProgress: ((progress: WaitProgress) => void) | undefined;
}

const caller = 'waitForMesh';
const readTable = createOptionReader<WaitOptions>(waitOptionTable);

/** @throws MeshOptionError for an unknown name or a value that is not accepted */
export function readOptions(options: WaitForMeshOptions, processEnv: NodeJS.ProcessEnv): WaitSettings {
  const all = readTable(caller, options);
  const { timeoutMs, mode, adminUrl, readyUrl, proof, probeTimeoutMs, intervalMs, signal, logger, onProgress } = all;
  const mesh = meshSelection(all.mesh);
  const env = all.env ?? processEnv;
  const targets: readonly string[] = [all.waitFor].flat();
  const planSettings = {
    mesh,
    addresses: readOwners({
      mesh,
      adminUrl: ownedAddresses(adminUrl, parseAdminUrl),
      readyUrl: ownedAddresses(readyUrl, parseHttpUrl),
      proof,
    }),
    proof,
    read: (name: string): string | undefined => readVariable(env, name),
    waitFor: targets.map(parseTarget),
    mode,
    timeoutMs,
    probeTimeoutMs,
    intervalMs,
  };
  const createPlan = (): WaitPlan => createWaitPlan(planSettings);
  const kubernetesServiceHost = readVariable(env, 'KUBERNETES_SERVICE_HOST');
  const disabled = readSwitch(readVariable(env, disabledVariable));
  const variables = [kubernetesServiceHost, ...meshVariables.map((name) => readVariable(env, name))];
  const key = [timeoutMs, mode, mesh, adminUrl, readyUrl, proof, targets, probeTimeoutMs, intervalMs, variables];
  return { key: JSON.stringify(key), mode, createPlan, disabled, kubernetesServiceHost, signal, logger, onProgress };
}

function meshSelection(mesh: WaitOptions['mesh']): MeshSelection {
  return mesh === 'none' ? [] : [mesh].flat();
}

function ownedAddresses(
  given: string | Readonly<Record<string, string>> | undefined,
  parse: (text: string) => Endpoint,
): OwnedAddress[] {
  if (given === undefined) return [];
  if (typeof given === 'string') return [{ mesh: undefined, endpoint: parse(given) }];
  return Object.entries(given).map(([mesh, text]) => ({ mesh: mesh as MeshName, endpoint: parse(text) }));
}

function readOwners(given: GivenAddresses): PlanSettings['addresses'] {
  try {
    return addressesBySidecar(given);
  } catch (error) {
    if (!(error instanceof AddressOwnerError)) throw error;
    const { option, message } = error;
    const accepts = option === 'proof' ? "'auto' without an Envoy" : 'an address of a sidecar that is waited for';
    throw new MeshOptionError(caller, { at: option, value: message, accepts, got: message });
  }
}

function readVariable(env: Exclude<WaitOptions['env'], undefined>, name: string): string | undefined {
  const value: unknown = env[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new MeshOptionError(caller, { at: `env.${name}`, value, accepts: 'a string or undefined' });
}

function readSwitch(text: string | undefined): string | undefined {
  try {
    return readDisabled(text);
  } catch (error) {
    if (!(error instanceof DisabledError)) throw error;
    const accepts = 'the reason why mesh-shim is switched off';
    throw new MeshOptionError(caller, { at: `env.${disabledVariable}`, value: text, accepts, got: error.message });
  }
}
