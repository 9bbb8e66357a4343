import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { type Inputs, inputProfiles, inputTable, noteOf } from '../../check/model/inputs.ts';
import type { PodTemplatePath } from '../../check/model/pod-templates.ts';
import { isDict } from '../../check/read/values.ts';
import { documentedRules } from '../../check/report/rule-page.ts';
import { allRules } from '../../check/rules/index.ts';
import { type Rule, type Severity, severities } from '../../check/rules/shared/rule.ts';
import { attempt } from '../attempt.ts';
import { badValue, oneOf } from '../options.ts';
import { ToolError } from '../tool.ts';
import { podTemplatesKey, readPodTemplates } from './pod-template-setting.ts';

export const configurationFile = 'mesh-shim.yaml';

export interface Configuration {
  readonly inputs: Partial<Inputs>;
  readonly rules: readonly Rule[];
  readonly failOn: Severity;
  /** What the user should know about what was read. */
  readonly notes: readonly string[];
  readonly podTemplates: readonly PodTemplatePath[];
  /** Patterns of files and folders to leave out. */
  readonly exclude: readonly string[];
}

/** A setting as it was written, and where. */
interface Setting {
  readonly text: string;
  readonly where: string;
}

/**
 * What holds for this check: the profile's inputs, then the file's, then the command line's.
 *
 * @throws ToolError for a name or a value that does not exist, with where it stands
 */
export function readConfiguration(options: ReadonlyMap<string, string>, cwd: string): Configuration {
  const { settings: fromFile, podTemplates } = readFile(options.get('config'), cwd);
  const settings = new Map<string, Setting>([
    ...fromFile,
    ...[...options].map(([flag, text]): [string, Setting] => [flag, { text, where: `--${flag}` }]),
  ]);
  const choose = <Name extends string>(what: string, flag: string, known: readonly Name[]): Name | undefined => {
    const setting = settings.get(flag);
    return setting && oneOf(what, setting.text, known, { where: setting.where });
  };
  const profile = choose('profile', 'profile', Object.keys(inputProfiles)) ?? 'istio-default';
  const inputs: Record<string, unknown> = { ...inputProfiles[profile] };
  const notes: string[] = [];
  for (const spec of inputTable) {
    const setting = settings.get(spec.flag);
    if (setting === undefined) continue;
    const value = spec.parse(setting.text);
    if (value === undefined) throw badValue(setting.where, setting.text, `${choice(spec.values)} (${spec.summary})`);
    inputs[spec.name] = value;
    const note = noteOf(spec, setting.text, value);
    if (note !== undefined) notes.push(`${setting.where}: ${note}`);
  }
  return {
    inputs,
    rules: pickRules(settings.get('only')?.text, settings.get('disable')?.text),
    notes,
    podTemplates,
    failOn: choose('severity', 'fail-on', severities) ?? 'error',
    // The command line adds to what the file leaves out.
    exclude: [fromFile.get('exclude')?.text, options.get('exclude')].flatMap((text) => text?.split(',') ?? []),
  };
}

/** The settings of a file by the flag of the same meaning, by the names that they have there. */
const fileKeys: ReadonlyMap<string, string> = new Map([
  ...inputTable.map(({ name, flag }): [string, string] => [name, flag]),
  ...['profile', 'only', 'disable', 'exclude'].map((name): [string, string] => [name, name]),
  ['failOn', 'fail-on'],
]);

interface SettingsFile {
  /** By the flag of the same meaning. */
  readonly settings: ReadonlyMap<string, Setting>;
  readonly podTemplates: readonly PodTemplatePath[];
}

function readFile(asked: string | undefined, cwd: string): SettingsFile {
  const name = asked ?? configurationFile;
  const path = resolve(cwd, name);
  const empty: SettingsFile = { settings: new Map(), podTemplates: [] };
  if (asked === undefined && !existsSync(path)) return empty;
  // All scalars as they are written: 1.30 is a version, not the number 1.3.
  const asWritten = { schema: 'failsafe', logLevel: 'error' } as const;
  const data: unknown = attempt(`read ${name}`, () => parse(readFileSync(path, 'utf8'), asWritten));
  if (data === null || data === '') return empty;
  if (!isDict(data)) {
    throw new ToolError(`${name} must be a mapping of settings to values, got ${JSON.stringify(data)}`);
  }
  const { [podTemplatesKey]: kinds, ...others } = data;
  const podTemplates = kinds === undefined ? [] : readPodTemplates(name, kinds);
  const settings = Object.entries(others).map(([key, value]): [string, Setting] => {
    const known = [...fileKeys.keys(), podTemplatesKey];
    const flag = fileKeys.get(oneOf('setting', key, known, { where: name })) as string;
    const values: unknown[] = Array.isArray(value) ? value : [value];
    if (key === 'injection' && isDict(value)) values.splice(0, 1, ...byNamespace(value));
    if (values.some((item) => typeof item !== 'string')) {
      throw new ToolError(`${name}: ${key} must be a value or a list of values, got ${JSON.stringify(value)}`);
    }
    return [flag, { text: values.join(','), where: `${name}: ${key}` }];
  });
  return { settings: new Map(settings), podTemplates };
}

/** A map of namespaces to true and false, as the option spells it. */
function byNamespace(map: Readonly<Record<string, unknown>>): unknown[] {
  return Object.entries(map).map(([namespace, value]) => (typeof value === 'string' ? `${namespace}=${value}` : value));
}

/** `true, false` as a sentence has it: `true or false`. */
function choice(values: string): string {
  return values.replace(/, (?=[^,]*$)/, ' or ');
}

function pickRules(only: string | undefined, disable: string | undefined): readonly Rule[] {
  const names = (text: string | undefined) => text?.split(',').map((id) => ruleId(id.trim()));
  const wanted = names(only);
  const unwanted = names(disable);
  return allRules.filter(({ id }) => (wanted?.includes(id) ?? true) && !unwanted?.includes(id));
}

/** @throws ToolError when there is no such rule, with the nearest one */
export function ruleId(id: string): string {
  return oneOf(
    'rule',
    id,
    documentedRules.map((rule) => rule.id),
    { lists: 'mesh-shim check --rules lists them' },
  );
}
