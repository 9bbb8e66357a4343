import { MeshOptionError } from '../../shared/mesh-option-error.ts';
import { nearestName } from '../../text/nearest-name.ts';
import type { LifecycleSettings } from '../lifecycle-option-table.ts';
import { readOptions } from '../options.ts';
import { InvalidSetting } from './invalid-setting.ts';
import { type PreloadSettings, preloadVariables } from './preload-option-table.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const prefix = 'MESH_LIFECYCLE_';

/**
 * The settings of a lifecycle that nobody has called for, as the environment says.
 *
 * @throws InvalidSetting with one line that says what is wrong
 */
export function readVariables(env: Environment): LifecycleSettings {
  const known = preloadVariables.map(({ name }) => name);
  const options: Partial<Record<keyof PreloadSettings, number>> = {};
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(prefix) || text === undefined) continue;
    const variable = preloadVariables.find((candidate) => candidate.name === name);
    if (variable === undefined) {
      const nearest = nearestName(name, known);
      throw new InvalidSetting(
        `unknown variable ${name}${nearest === undefined ? '' : `; did you mean ${nearest}?`} There are ${known.join(', ')}`,
      );
    }
    if (text !== '') options[variable.option] = parsed(name, text, variable.parse);
  }
  try {
    return readOptions(
      // An app that nobody can change has listeners and handlers of errors of its own.
      { ...options, deferListeners: true, uncaughtErrors: false },
      env.KUBERNETES_SERVICE_HOST !== undefined,
    );
  } catch (error) {
    if (error instanceof MeshOptionError) throw new InvalidSetting(inVariables(error.message));
    throw error;
  }
}

function parsed(name: string, text: string, parse: (text: string) => number): number {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof InvalidSetting)) throw error;
    throw new InvalidSetting(`${name}: bad value ${JSON.stringify(text)}: expected ${error.message}`);
  }
}

/** What is wrong with options, in the names of those who set variables. */
function inVariables(message: string): string {
  const named = preloadVariables.reduce((text, { name, option }) => text.replaceAll(option, name), message);
  return named.replace('createLifecycle: ', '');
}
