import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { applyFixes } from '../../check/fix/apply-fixes.ts';
import { inputProfiles, inputTable } from '../../check/model/inputs.ts';
import { type CheckResult, checkManifests } from '../../check/report/check-manifests.ts';
import { formatGithub } from '../../check/report/github.ts';
import { formatJson } from '../../check/report/json.ts';
import { documentedRules, ruleDescription } from '../../check/report/rule-page.ts';
import { formatSarif } from '../../check/report/sarif.ts';
import { formatText } from '../../check/report/text.ts';
import { severities } from '../../check/rules/shared/rule.ts';
import { describeOptions, type OptionSpec, oneOf, parseOptions } from '../options.ts';
import { exitClean, exitFound, exitNotDone, ToolError, type ToolIo } from '../tool.ts';
import { toolVersion } from '../version.ts';
import { type Configuration, configurationFile, readConfiguration, ruleId } from './configuration.ts';
import { type ReadSources, readSources } from './read-sources.ts';

const formatters = ['text', 'json', 'sarif', 'github'] as const;

export const checkOptionSpecs: readonly OptionSpec[] = [
  { flag: 'format', value: formatters.join('|'), summary: 'output; default: text' },
  {
    flag: 'fail-on',
    value: severities.join('|'),
    summary: 'least severity that makes the exit code 1; default: error',
  },
  { flag: 'fix', summary: 'write the fixes that are certain into the files' },
  { flag: 'fix-out', value: 'DIR', summary: 'write the new objects that fixes need into this folder' },
  { flag: 'only', value: 'RULES', summary: 'check these rules alone, with commas between them' },
  { flag: 'disable', value: 'RULES', summary: 'leave these rules out' },
  { flag: 'explain', value: 'RULE', summary: "print a rule's page" },
  { flag: 'rules', summary: 'list the rules' },
  { flag: 'config', value: 'FILE', summary: `settings; default: ${configurationFile} where there is one` },
  { flag: 'profile', value: 'NAME', summary: `installation: ${Object.keys(inputProfiles).join(', ')}` },
  ...inputTable.map(({ flag, values, summary }) => ({ flag, value: 'VALUE', summary: `${summary}: ${values}` })),
  { flag: 'help', summary: 'print this' },
];

const helpText = `mesh-shim check [OPTIONS] PATH...|-

Finds in Kubernetes and Istio manifests what will fail in the mesh. PATH is a file or a folder, - is standard input.
Exit code: 0 clean, 1 findings at or above --fail-on, 2 could not check.

${describeOptions(checkOptionSpecs)}`;

/** `mesh-shim check`. @throws ToolError for what the user must correct */
export async function check(args: readonly string[], io: ToolIo): Promise<number> {
  const { operands, values } = parseOptions('check', args, checkOptionSpecs);
  const page = values.get('explain');
  if (values.has('help')) io.stdout.write(helpText);
  else if (page !== undefined) io.stdout.write(rulePage(page));
  else if (values.has('rules')) io.stdout.write(ruleList());
  else return checkPaths(operands, values, io);
  return exitClean;
}

async function checkPaths(paths: readonly string[], values: ReadonlyMap<string, string>, io: ToolIo): Promise<number> {
  const format = oneOf('format', values.get('format') ?? 'text', formatters);
  const configuration = readConfiguration(values, io.cwd);
  if (paths.length === 0) throw new ToolError('nothing to check: name files or folders, or - for standard input');
  const { sources, notes } = await readSources(paths, io);
  for (const note of notes) io.stderr.write(`mesh-shim: ${note}\n`);
  let result = checkManifests(sources, configuration);
  if (result.objects === 0 && result.unread.length === 0 && result.skipped.length === 0) {
    throw new ToolError(`no Kubernetes object in ${paths.join(', ')}`);
  }
  if (values.has('fix') || values.has('fix-out')) result = writeFixes(result, sources, values, configuration, io);
  io.stdout.write(print(result, format, io));
  if (result.unread.length > 0) return exitNotDone;
  if (result.objects === 0) return exitNotDone;
  const failing = severities.slice(0, severities.indexOf(configuration.failOn) + 1);
  return result.findings.some(({ severity }) => failing.includes(severity)) ? exitFound : exitClean;
}

function print(result: CheckResult, format: (typeof formatters)[number], io: ToolIo): string {
  switch (format) {
    case 'json':
      return formatJson(result);
    case 'sarif':
      return formatSarif(result, toolVersion());
    case 'github':
      return formatGithub(result);
    case 'text':
      return formatText(result, io.isTerminal && io.env.NO_COLOR === undefined);
  }
}

/** Writes, and says what it wrote on standard error; the result is that of the fixed files. */
function writeFixes(
  result: CheckResult,
  sources: ReadSources['sources'],
  values: ReadonlyMap<string, string>,
  configuration: Configuration,
  io: ToolIo,
): CheckResult {
  const folder = values.get('fix-out');
  const certain = values.has('fix') ? result.findings.filter(({ fix }) => fix?.certain) : [];
  const { changed } = applyFixes(certain);
  for (const { name, text } of changed) {
    if (name === '<stdin>') throw new ToolError('--fix cannot write to standard input: name files');
    writeFileSync(resolve(io.cwd, name), text);
    io.stderr.write(`mesh-shim: fixed ${name}\n`);
  }
  if (folder !== undefined) {
    mkdirSync(resolve(io.cwd, folder), { recursive: true });
    for (const { fileName, text } of applyFixes(result.findings).created) {
      writeFileSync(resolve(io.cwd, folder, fileName), text);
      io.stderr.write(`mesh-shim: wrote ${folder}/${fileName}\n`);
    }
  }
  const after = sources.map((source) => changed.find(({ name }) => name === source.name) ?? source);
  return checkManifests(after, configuration);
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
