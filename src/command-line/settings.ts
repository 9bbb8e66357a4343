import { DisabledError, disabledVariable, readDisabled } from '../mesh/wait/disabled.ts';
import { AddressOwnerError, addressesBySidecar } from '../mesh/wait/sidecar-addresses.ts';
import { nearestName } from '../text/nearest-name.ts';
import { type CommandName, commandTable } from './commands.ts';
import { InvalidValue } from './option-parsers.ts';
import type { GivenValues, Settings } from './option-values.ts';
import { type OptionName, optionTable } from './options.ts';
import { readScuttleVariables } from './scuttle.ts';
import { hasScuttleVariables } from './scuttle-variables.ts';
import { UsageError } from './usage-error.ts';

export interface ReadSettings {
  readonly settings: Settings;
  /** Why the shim is switched off; undefined where it is not. */
  readonly disabled: string | undefined;
  /** What was read out of another tool's variables, for the log. */
  readonly notes: readonly string[];
  /** What somebody may have meant otherwise. */
  readonly warnings: readonly string[];
}

const optionNames = Object.keys(optionTable) as OptionName[];

/**
 * Flags win over MESH_SHIM_ variables, these over scuttle's, these over the defaults. Of the environment only what the command
 * uses is read: a probe does not fail for the limit of a wait. Throws UsageError.
 */
export function readSettings(
  flags: GivenValues,
  env: ReadonlyMap<string, string>,
  command: CommandName = 'run',
): ReadSettings {
  const used = commandTable[command].options;
  const { values: variables, warnings } = readVariables(env, used);
  const scuttle = hasScuttleVariables(env) ? readScuttleVariables(env) : { values: new Map(), notes: [] };
  const given: GivenValues = new Map([
    ...[...scuttle.values].filter(([name]) => used.includes(name)),
    ...variables,
    ...flags,
  ]);
  const read = (name: OptionName): unknown => {
    const spec = optionTable[name];
    const entry = given.get(name);
    const texts = entry?.texts ?? (spec.default === undefined ? [] : [spec.default]);
    const values = texts.map((text) => parseValue(spec, text, entry?.source ?? spec.flag));
    return spec.repeatable ? values : values[0];
  };
  const values = Object.fromEntries(optionNames.map((name) => [name, read(name)])) as unknown as Settings;
  const meant = withoutDisabledLinkerd(values, env, scuttle.notes);
  const settings = { ...meant, addresses: readOwners(meant) };
  return { settings, disabled: disabledBy(env), notes: scuttle.notes, warnings };
}

function readOwners(values: Omit<Settings, 'addresses'>): Settings['addresses'] {
  try {
    return addressesBySidecar(values);
  } catch (error) {
    throw error instanceof AddressOwnerError
      ? new UsageError(`${optionTable[error.option].flag}: ${error.message}`)
      : error;
  }
}

/** Says that the shim is switched off, where it is: then nothing is waited for, and nobody is told to quit. */
export function heedSwitch({ settings, disabled }: ReadSettings, say: (message: string) => void): Settings {
  if (disabled === undefined) return settings;
  say(`switched off: ${disabled}`);
  return { ...settings, mesh: [], waitFor: [], quit: 'never', quitUrl: [] };
}

/** Whether the app starts all the same after a wait that ran out. */
export function startsAnyway({ mode, onTimeout }: Pick<Settings, 'mode' | 'onTimeout'>): boolean {
  return mode === 'optional' || onTimeout === 'start';
}

function parseValue(
  spec: { readonly parse: (text: string) => unknown; readonly secret?: true },
  text: string,
  source: string,
): unknown {
  try {
    return spec.parse(text);
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    const shown = spec.secret ? '' : ` ${JSON.stringify(withoutUser(text))}`;
    throw new UsageError(`${source}: bad value${shown}: ${error.message}`);
  }
}

/** An address may carry a password, which must not get into a log. */
function withoutUser(text: string): string {
  const userEnd = text.lastIndexOf('@');
  return userEnd < 0 ? text : `...${text.slice(userEnd)}`;
}

function readVariables(
  env: ReadonlyMap<string, string>,
  used: readonly OptionName[],
): { values: GivenValues; warnings: string[] } {
  const values: GivenValues = new Map();
  const warnings: string[] = [];
  for (const [variable, text] of env) {
    if (!variable.startsWith('MESH_SHIM_') || variable === disabledVariable || isServiceVariable(variable)) continue;
    const name = optionNames.find((candidate) => optionTable[candidate].env === variable);
    if (!name) {
      const meant = nearestName(variable, [...used.map((candidate) => optionTable[candidate].env), disabledVariable]);
      if (meant !== undefined) throw new UsageError(`unknown variable ${variable}; did you mean ${meant}?`);
      warnings.push(`${variable} is not known and has no effect`);
      continue;
    }
    // Templates set a variable to nothing where they mean the default.
    if (text.trim() === '' || !used.includes(name)) continue;
    values.set(name, { texts: partsOf(text, optionTable[name].repeatable), source: variable });
  }
  return { values, warnings };
}

/** What Kubernetes puts into each container of a namespace for a Service whose name begins with `mesh-shim`, behind that name. */
const serviceVariableEnds = ['_SERVICE_HOST', '_SERVICE_PORT', '_PORT', '_TCP', '_UDP', '_SCTP', '_PROTO', '_ADDR'];

function isServiceVariable(variable: string): boolean {
  return variable.includes('_SERVICE_PORT_') || serviceVariableEnds.some((end) => variable.endsWith(end));
}

/** Those of linkerd-await: whoever has set one has said that there is no Linkerd to wait for. */
export const linkerdSwitches = ['LINKERD_AWAIT_DISABLED', 'LINKERD_DISABLED'] as const;

function withoutDisabledLinkerd<T extends Pick<Settings, 'mesh'>>(
  values: T,
  env: ReadonlyMap<string, string>,
  notes: string[],
): T {
  const given = linkerdSwitches.find((name) => (env.get(name) ?? '') !== '');
  if (given === undefined || !values.mesh.includes('linkerd')) return values;
  notes.push(`${given}=${env.get(given)}: no Linkerd sidecar is waited for or told to quit`);
  return { ...values, mesh: values.mesh.filter((name) => name !== 'linkerd') };
}

function partsOf(text: string, repeatable: 'words' | 'lines' | undefined): string[] {
  if (repeatable === 'lines') return text.split('\n').filter((line) => line.trim() !== '');
  return repeatable === 'words' ? words(text) : [text];
}

/** What is written between commas and blanks. */
export function words(text: string): string[] {
  return text
    .split(',')
    .flatMap((part) => part.split(' '))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function disabledBy(env: ReadonlyMap<string, string>): string | undefined {
  try {
    return readDisabled(env.get(disabledVariable));
  } catch (error) {
    throw error instanceof DisabledError ? new UsageError(error.message) : error;
  }
}
