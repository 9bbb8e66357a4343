import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { applyFixes } from '../../check/fix/apply-fixes.ts';
import { isNearManifest } from '../../check/read/left-out.ts';
import { checkManifests } from '../../check/report/check-manifests.ts';
import type { CheckOptions, CheckResult } from '../../check/report/check-result.ts';
import { documentedRules, ruleDescription } from '../../check/report/rule-page.ts';
import { severities } from '../../check/rules/shared/rule.ts';
import { attempt } from '../attempt.ts';
import { oneOf } from '../options.ts';
import { replaceFile } from '../replace-file.ts';
import { type GivenOptions, type Tool, ToolError, type ToolIo, toolExitCodes } from '../tool.ts';
import { compareWithBaseline } from './baseline-file.ts';
import { checkOptions, formatters } from './check-options.ts';
import { type Configuration, readConfiguration, ruleId } from './configuration.ts';
import { printResult, readOutputs, refuseToOverwrite, takesAdvice, writeOutputs } from './outputs.ts';
import { type ReadSources, readSources } from './read-sources.ts';
import { createStopwatch, statistics } from './statistics.ts';

/** `mesh-shim check`. */
export const check: Tool = {
  operands: 'PATH...|-',
  about: [
    'Finds what will fail in the mesh in manifests of Kubernetes and Istio, and fixes it.',
    'PATH is a file or a folder; - is standard input.',
  ],
  options: checkOptions,
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
  const outputs = readOutputs(values);
  const configuration = readConfiguration(values, io.cwd);
  if (paths.length === 0) throw new ToolError('nothing to check; name files or folders, or - for standard input');
  if (values.has('fix') && paths.includes('-')) {
    throw new ToolError('--fix writes into files, got - (standard input); name the files');
  }
  if (values.has('fix') && values.has('render')) {
    throw new ToolError('--fix writes into files, and --render checks what is made of them; use one of the two');
  }
  const stopwatch = createStopwatch();
  const read = await readSources(paths, io, {
    exclude: configuration.exclude,
    gitignore: !values.has('no-gitignore'),
    render: values.has('render'),
  });
  const { sources, notes } = read;
  refuseToOverwrite(outputs, sources, values, io);
  stopwatch.lap('read');
  for (const note of [...configuration.notes, ...notes]) io.stderr.write(`mesh-shim: ${note}\n`);
  const options = { ...configuration, advise: [format, ...outputs.map((output) => output.format)].some(takesAdvice) };
  let result = withLeftOut(checkManifests(sources, options), read);
  if (result.objects === 0 && result.unread.length === 0 && !result.skipped.some(isNearManifest)) {
    throw new ToolError(`no Kubernetes object in ${paths.join(', ')}; name manifests`);
  }
  let done = true;
  if (values.has('fix') || values.has('fix-out')) ({ result, done } = writeFixes(result, read, values, options, io));
  stopwatch.lap('checked');
  result = compareWithBaseline(result, values, configuration.rules, io);
  writeOutputs(result, outputs, values, io);
  io.stdout.write(printResult(result, format, values, io));
  if (values.has('stats')) io.stderr.write(statistics(stopwatch, sources, result));
  return done ? exitCodeOf(result, configuration) : toolExitCodes.notDone.code;
}

function exitCodeOf({ unread, objects, findings }: CheckResult, { failOn }: Configuration): number {
  if (unread.length > 0 || objects === 0) return toolExitCodes.notDone.code;
  const failing = severities.slice(0, severities.indexOf(failOn) + 1);
  return findings.some(({ severity }) => failing.includes(severity))
    ? toolExitCodes.found.code
    : toolExitCodes.clean.code;
}

/** Writes, and says what it wrote on standard error; the result is that of the fixed files. */
function writeFixes(
  result: CheckResult,
  read: ReadSources,
  values: ReadonlyMap<string, string>,
  options: CheckOptions,
  io: ToolIo,
): { readonly result: CheckResult; readonly done: boolean } {
  const folder = values.get('fix-out');
  const certain = values.has('fix') ? result.findings.filter(({ fix }) => fix?.certain) : [];
  const { changed, refused } = applyFixes(certain);
  for (const { file, title, reason } of refused)
    io.stderr.write(`mesh-shim: not fixed ${file}: "${title}": ${reason}\n`);
  // One file that cannot be written stops no other.
  const written = changed.filter(({ name, text }) =>
    say(io, `fixed ${name}`, () => attempt(`write ${name}`, () => replaceFile(resolve(io.cwd, name), text))),
  );
  if (folder !== undefined) {
    attempt(`make the folder ${folder}`, () => mkdirSync(resolve(io.cwd, folder), { recursive: true }));
    for (const { fileName, text } of applyFixes(result.findings).created) {
      attempt(`write ${folder}/${fileName}`, () => writeFileSync(resolve(io.cwd, folder, fileName), text));
      io.stderr.write(`mesh-shim: wrote ${folder}/${fileName}\n`);
    }
  }
  const texts = new Map(written.map(({ name, text }) => [name, text]));
  const after = read.sources.map((source) => ({ ...source, text: texts.get(source.name) ?? source.text }));
  const fixed = withLeftOut(checkManifests(after, options), read);
  return { result: fixed, done: written.length === changed.length };
}

/** Says what was done, or why it was not. */
function say(io: ToolIo, done: string, act: () => void): boolean {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    io.stderr.write(`mesh-shim: ${error.message}\n`);
    return false;
  }
  io.stderr.write(`mesh-shim: ${done}\n`);
  return true;
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
