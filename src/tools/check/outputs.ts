import { realpathSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defaultInputs } from '../../check/model/inputs.ts';
import { loadManifests } from '../../check/read/load.ts';
import type { ManifestSource } from '../../check/read/manifest.ts';
import type { CheckResult } from '../../check/report/check-result.ts';
import { formatGithub } from '../../check/report/github.ts';
import { formatGitlab } from '../../check/report/gitlab.ts';
import { formatJson } from '../../check/report/json.ts';
import { formatMarkdown } from '../../check/report/markdown.ts';
import { formatSarif } from '../../check/report/sarif.ts';
import { formatText } from '../../check/report/text/format-text.ts';
import { attempt } from '../attempt.ts';
import { badValue, oneOf } from '../options.ts';
import { ToolError, type ToolIo, toolVersion } from '../tool.ts';
import { type Format, formatters } from './check-options.ts';

/** A report that goes into a file. */
export interface Output {
  readonly format: Format;
  readonly file: string;
}

/** Whether a report shows what would settle most findings, for which the rules run once more. */
export function takesAdvice(format: Format): boolean {
  return format !== 'sarif' && format !== 'gitlab';
}

/** What --output asks for. @throws ToolError for what is no FORMAT=FILE */
export function readOutputs(values: ReadonlyMap<string, string>): readonly Output[] {
  return (values.get('output')?.split(',') ?? []).map((word) => {
    const [, format, file] = /^([^=]+)=(.+)$/.exec(word) ?? [];
    if (format === undefined || file === undefined)
      throw badValue('--output', word, 'FORMAT=FILE, as sarif=mesh-shim.sarif');
    if (file === '-') throw new ToolError('--output writes files, got - (standard output); use --format for that');
    return { format: oneOf('format', format, formatters, { where: '--output' }), file };
  });
}

/**
 * A report of an earlier run may lie among what is read; manifests may not be lost.
 *
 * @throws ToolError for a file with manifests, that of --baseline, or one that gets two reports
 */
export function refuseToOverwrite(
  outputs: readonly Output[],
  sources: readonly ManifestSource[],
  values: ReadonlyMap<string, string>,
  { cwd }: ToolIo,
): void {
  if (outputs.length === 0) return;
  const pathOf = (file: string) => realPath(resolve(cwd, file));
  const baseline = values.get('baseline');
  const taken = new Map(baseline === undefined ? [] : [[pathOf(baseline), 'what --baseline reads']]);
  const read = new Map(sources.map((source) => [pathOf(source.name), source]));
  for (const { file } of outputs) {
    const path = pathOf(file);
    const source = read.get(path);
    const why = source !== undefined && holdsManifests(source) ? 'the manifests in it' : taken.get(path);
    if (why !== undefined) throw new ToolError(`--output: ${file} would overwrite ${why}; name another file`);
    // Two reports may go to one terminal or pipe.
    if (!path.startsWith('/dev/')) taken.set(path, 'another report of this run');
  }
}

function holdsManifests(source: ManifestSource): boolean {
  const { objects, unread } = loadManifests([source], defaultInputs.namespace);
  return objects.length + unread.length > 0;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** @throws ToolError when a file cannot be written */
export function writeOutputs(
  result: CheckResult,
  outputs: readonly Output[],
  values: ReadonlyMap<string, string>,
  io: ToolIo,
): void {
  const toFile = { ...io, isTerminal: false, columns: undefined };
  for (const { format, file } of outputs) {
    attempt(`write ${file}`, () => writeFileSync(resolve(io.cwd, file), printResult(result, format, values, toFile)));
  }
}

export function printResult(
  result: CheckResult,
  format: Format,
  values: ReadonlyMap<string, string>,
  io: ToolIo,
): string {
  switch (format) {
    case 'json':
      return formatJson(result);
    case 'sarif':
      return formatSarif(result, toolVersion);
    case 'github':
      return formatGithub(result);
    case 'gitlab':
      return formatGitlab(result);
    case 'markdown':
      return formatMarkdown(result);
    case 'text':
      return formatText(result, {
        colour: io.isTerminal && io.env.NO_COLOR === undefined && io.env.TERM !== 'dumb',
        // Some terminals say 0 where they do not know.
        width: io.columns || undefined,
        verbose: values.has('verbose'),
        showFixes: values.has('show-fixes') ? true : undefined,
      });
  }
}
