import { defaultInputs, inputProfiles, inputTable } from '../../check/model/inputs.ts';
import { severities } from '../../check/rules/shared/rule.ts';
import type { OptionSpec } from '../tool.ts';
import { configurationFile } from './configuration.ts';

export const formatters = ['text', 'json', 'sarif', 'github', 'gitlab', 'markdown'] as const;
export type Format = (typeof formatters)[number];

/** The options of `mesh-shim check`. */
export const checkOptions: readonly OptionSpec[] = [
  { flag: 'format', value: formatters.join('|'), default: 'text', text: 'output format' },
  { flag: 'output', value: 'FORMAT=FILE', list: true, text: 'write this format into this file, too' },
  { flag: 'verbose', short: 'v', text: 'text: show every place, and the census by namespace' },
  {
    flag: 'show-fixes',
    default: 'where there are few findings',
    text: 'text: show the fixes as kubectl patches and manifests',
  },
  {
    flag: 'fail-on',
    value: severities.join('|'),
    default: 'error',
    text: 'lowest severity that makes the exit code 1',
  },
  { flag: 'baseline', value: 'FILE', text: 'report only what is not in this file' },
  { flag: 'write-baseline', text: 'write what is found into the file that --baseline names' },
  { flag: 'fix', text: 'write the fixes that are certain into the files' },
  { flag: 'fix-out', value: 'DIR', text: 'write the new objects that fixes need into this folder' },
  { flag: 'only', value: 'RULES', default: 'all', list: true, text: 'check these rules only' },
  { flag: 'disable', value: 'RULES', default: 'none', list: true, text: 'do not check these rules' },
  {
    flag: 'exclude',
    value: 'GLOBS',
    default: 'none',
    list: true,
    text: 'leave out these files and folders, as .gitignore would',
  },
  { flag: 'render', text: 'in folders, check what kustomize (or kubectl) and helm make of kustomizations and charts' },
  { flag: 'no-gitignore', text: 'in folders, read what .gitignore leaves out, too' },
  { flag: 'explain', value: 'RULE', text: 'print the page of a rule' },
  { flag: 'rules', text: 'list the rules' },
  { flag: 'stats', text: 'say on standard error how much was read, and how long it took' },
  { flag: 'config', value: 'FILE', default: `${configurationFile}, if it exists`, text: 'file with settings' },
  {
    flag: 'profile',
    value: 'NAME',
    default: 'istio-default',
    text: `kind of installation: ${Object.keys(inputProfiles).join(', ')}`,
  },
  ...inputTable.map(({ name, flag, values, summary, list }) => ({
    flag,
    value: 'VALUE',
    ...(list && { list }),
    default: String(defaultInputs[name] ?? 'unknown'),
    text: `${summary}: ${values}`,
  })),
];
