import { scuttleVariables } from '../src/command-line/scuttle-variables.ts';
import { linkerdSwitches } from '../src/command-line/settings.ts';
import { meshVariables } from '../src/mesh/profiles/profiles.ts';

/**
 * The beginnings of all that the shim reads of the environment: the rest, which may have megabytes of other Services'
 * addresses, is the app's.
 */
export const variablesRead: readonly string[] = [
  'MESH_SHIM_',
  ...['PATH=', 'KUBERNETES_SERVICE_HOST='],
  ...[...Object.keys(scuttleVariables), ...linkerdSwitches, ...meshVariables].map((name) => `${name}=`),
];
