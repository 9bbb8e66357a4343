import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { applyFixes } from '../../check/fix/apply-fixes.ts';
import { defaultInputs, inputProfiles, inputTable } from '../../check/model/inputs.ts';
import { isNearManifest } from '../../check/read/left-out.ts';
import { type CheckResult, checkManifests } from '../../check/report/check-manifests.ts';
import { formatGithub } from '../../check/report/github.ts';
import { formatJson } from '../../check/report/json.ts';
import { documentedRules, ruleDescription } from '../../check/report/rule-page.ts';
import { formatSarif } from '../../check/report/sarif.ts';
import { formatText } from '../../check/report/text.ts';
import { severities } from '../../check/rules/shared/rule.ts';
import { attempt } from '../attempt.ts';
import { oneOf } from '../options.ts';
import {
  type GivenOptions,
  type OptionSpec,
  type Tool,
  ToolError,
  type ToolIo,
  toolExitCodes,
  toolVersion,
} from '../tool.ts';
import { type Configuration, configurationFile, readConfiguration, ruleId } from './configuration.ts';
import { type ReadSources, readSources } from './read-sources.ts';

const formatters = ['text', 'json', 'sarif', 'github'] as const;

const options: readonly OptionSpec[] = [
  { flag: 'format', value: formatters.join('|'), default: 'text', text: 'output format' },
  {
    flag: 'fail-on',
    value: severities.join('|'),
    default: 'error',
    text: 'lowest severity that makes the exit code 1',
  },
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
  { flag: 'config', value: 'FILE', default: `${configurationFile}, if it exists`, text: 'file with settings' },
  {
    flag: 'profile',
    value: 'NAME',
    default: 'istio-default',
    text: `kind of installation: ${Object.keys(inputProfiles).join(', ')}`,
  },
  ...inputTable.map(({ name, flag, values, summary }) => ({
    flag,
    value: 'VALUE',
    default: String(defaultInputs[name] ?? 'unknown'),
    text: `${summary}: ${values}`,
  })),
];

/** `mesh-shim check`. */
export const check: Tool = {
  operands: 'PATH...|-',
  about: [
    'Finds what will fail in the mesh in manifests of Kubernetes and Istio, and fixes it.',
    'PATH is a file or a folder; - is standard input.',
  ],
  options,
  exitCodes: ['clean', 'found', 'notDone', 'internal'],
  async run(given, io) {
    const page = given.values.get('explain');
    if (page !== undefined) io.stdout.write(rulePage(page));
    else if (given.values.has('rules')) io.stdout.write(ruleList());
    else return checkPaths(given, io);
    return toolExitCodes.done.code;
  },
};

async function checkPaths({ operands: paths, values }: GivenOptions, io: ToolIo): Promise<number> {
  const format = oneOf('format', values.get('format') ?? 'text', formatters);
  const configuration = readConfiguration(values, io.cwd);
  if (paths.length === 0) throw new ToolError('nothing to check; name files or folders, or - for standard input');
  if (values.has('fix') && paths.includes('-')) {
    throw new ToolError('--fix writes into files, got - (standard input); name the files');
  }
  if (values.has('fix') && values.has('render')) {
    throw new ToolError('--fix writes into files, and --render checks what is made of them; use one of the two');
  }
  const read = await readSources(paths, io, {
    exclude: configuration.exclude,
    gitignore: !values.has('no-gitignore'),
    render: values.has('render'),
  });
  const { sources, notes } = read;
  for (const note of [...configuration.notes, ...notes]) io.stderr.write(`mesh-shim: ${note}\n`);
  let result = withLeftOut(checkManifests(sources, configuration), read);
  if (result.objects === 0 && result.unread.length === 0 && !result.skipped.some(isNearManifest)) {
    throw new ToolError(`no Kubernetes object in ${paths.join(', ')}; name manifests`);
  }
  if (values.has('fix') || values.has('fix-out')) result = writeFixes(result, read, values, configuration, io);
  io.stdout.write(print(result, format, io));
  const failing = severities.slice(0, severities.indexOf(configuration.failOn) + 1);
  if (result.unread.length > 0 || result.objects === 0) return toolExitCodes.notDone.code;
  const found = result.findings.some(({ severity }) => failing.includes(severity));
  return found ? toolExitCodes.found.code : toolExitCodes.clean.code;
}

function print(result: CheckResult, format: (typeof formatters)[number], io: ToolIo): string {
  switch (format) {
    case 'json':
      return formatJson(result);
    case 'sarif':
      return formatSarif(result, toolVersion);
    case 'github':
      return formatGithub(result);
    case 'text':
      return formatText(result, io.isTerminal && io.env.NO_COLOR === undefined);
  }
}

/** Writes, and says what it wrote on standard error; the result is that of the fixed files. */
function writeFixes(
  result: CheckResult,
  read: ReadSources,
  values: ReadonlyMap<string, string>,
  configuration: Configuration,
  io: ToolIo,
): CheckResult {
  const folder = values.get('fix-out');
  const certain = values.has('fix') ? result.findings.filter(({ fix }) => fix?.certain) : [];
  const { changed } = applyFixes(certain);
  for (const { name, text } of changed) {
    attempt(`write ${name}`, () => writeFileSync(resolve(io.cwd, name), text));
    io.stderr.write(`mesh-shim: fixed ${name}\n`);
  }
  if (folder !== undefined) {
    attempt(`make the folder ${folder}`, () => mkdirSync(resolve(io.cwd, folder), { recursive: true }));
    for (const { fileName, text } of applyFixes(result.findings).created) {
      attempt(`write ${folder}/${fileName}`, () => writeFileSync(resolve(io.cwd, folder, fileName), text));
      io.stderr.write(`mesh-shim: wrote ${folder}/${fileName}\n`);
    }
  }
  const texts = new Map(changed.map(({ name, text }) => [name, text]));
  const after = read.sources.map((source) => ({ ...source, text: texts.get(source.name) ?? source.text }));
  return withLeftOut(checkManifests(after, configuration), read);
}

/** With the files that did not come so far as to be checked. */
function withLeftOut(result: CheckResult, { unread, skipped }: ReadSources): CheckResult {
  return { ...result, unread: [...unread, ...result.unread], skipped: [...skipped, ...result.skipped] };
}

function rulePage(id: string): string {
  const known = ruleId(id);
  return documentedRules
    .filter((rule) => rule.id === known)
    .map(ruleDescription)
    .join('');
}

function ruleList(): string {
  const width = Math.max(...documentedRules.map(({ id }) => id.length)) + 2;
  return documentedRules
    .map(({ id, severity, title }) => `${id.padEnd(width)}${severity.padEnd(9)}${title}\n`)
    .join('');
}
