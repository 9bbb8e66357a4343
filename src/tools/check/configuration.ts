import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { type InputSpec, type Inputs, inputProfiles, inputTable } from '../../check/model/inputs.ts';
import { isDict } from '../../check/read/values.ts';
import { documentedRules } from '../../check/report/rule-page.ts';
import { allRules } from '../../check/rules/index.ts';
import { type Rule, type Severity, severities } from '../../check/rules/shared/rule.ts';
import { oneOf } from '../options.ts';
import { ToolError } from '../tool.ts';

export const configurationFile = 'mesh-shim.yaml';

export interface Configuration {
  readonly inputs: Partial<Inputs>;
  readonly rules: readonly Rule[];
  readonly failOn: Severity;
}

/**
 * What holds for this check: the profile's inputs, then the file's, then the command line's.
 *
 * @throws ToolError for a name or a value that does not exist, with where it stands
 */
export function readConfiguration(options: ReadonlyMap<string, string>, cwd: string): Configuration {
  const asked = options.get('config');
  const path = resolve(cwd, asked ?? configurationFile);
  if (asked !== undefined && !existsSync(path)) throw new ToolError(`cannot read ${asked}: there is no such file`);
  const file = existsSync(path) ? readFile(path, asked ?? configurationFile) : new Map<string, string>();
  const get = (name: string) => options.get(name) ?? file.get(name);
  const profile = get('profile');
  const inputs: Record<string, unknown> =
    profile === undefined ? {} : { ...inputProfiles[oneOf('profile', profile, Object.keys(inputProfiles))] };
  for (const input of inputTable) {
    const text = options.get(input.flag) ?? file.get(input.name);
    if (text !== undefined)
      inputs[input.name] = parseInput(input, text, options.has(input.flag) ? `--${input.flag}` : input.name);
  }
  return {
    inputs,
    rules: pickRules(get('only'), get('disable')),
    failOn: oneOf('severity', get('fail-on') ?? 'error', severities),
  };
}

const configurationKeys = ['profile', 'only', 'disable', 'fail-on'] as const;

function readFile(path: string, name: string): Map<string, string> {
  let data: unknown;
  try {
    data = parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ToolError(
      `cannot read ${name}: ${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}`,
      { cause },
    );
  }
  if (data === null || data === undefined) return new Map();
  if (!isDict(data)) throw new ToolError(`${name} must be a map of settings`);
  const known = [...inputTable.map((input) => input.name), ...configurationKeys];
  return new Map(
    Object.entries(data).map(([key, value]) => {
      const setting = oneOf(`setting (${name})`, key === 'failOn' ? 'fail-on' : key, known);
      return [setting, Array.isArray(value) ? value.join(',') : String(value)];
    }),
  );
}

function parseInput({ values, summary, parse }: InputSpec, text: string, where: string): unknown {
  const value = parse(text);
  if (value === undefined) throw new ToolError(`${where}: "${text}" is not known; use ${values} (${summary})`);
  return value;
}

function pickRules(only: string | undefined, disable: string | undefined): readonly Rule[] {
  const names = (text: string | undefined) => text?.split(',').map((id) => ruleId(id.trim()));
  const wanted = names(only);
  const left = names(disable) ?? [];
  return allRules.filter(({ id }) => (wanted === undefined || wanted.includes(id)) && !left.includes(id));
}

/** @throws ToolError when there is no such rule, with the nearest one */
export function ruleId(id: string): string {
  return oneOf(
    'rule',
    id,
    documentedRules.map((rule) => rule.id),
  );
}
