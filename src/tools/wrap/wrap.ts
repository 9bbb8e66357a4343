import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildWorlds } from '../../check/model/build-worlds.ts';
import { defaultInputs } from '../../check/model/inputs.ts';
import { isNearManifest } from '../../check/read/left-out.ts';
import { type LoadedManifests, loadManifests } from '../../check/read/load.ts';
import type { ManifestSource } from '../../check/read/manifest.ts';
import { printable } from '../../check/report/printable.ts';
import { editSources } from '../../wrap/edit/edit-sources.ts';
import { type Newlines, withNewlines, withoutNewlines } from '../../wrap/edit/newlines.ts';
import { preloads, type WorkloadPlan } from '../../wrap/plan.ts';
import { planUndos, planWraps } from '../../wrap/plan-manifests.ts';
import { imagesToRead } from '../../wrap/plan-workload.ts';
import { ways } from '../../wrap/pod-parts.ts';
import { formatDiff } from '../../wrap/report/format-diff.ts';
import { formatJson } from '../../wrap/report/format-json.ts';
import { formatTable } from '../../wrap/report/format-table.ts';
import { kustomizeFiles } from '../../wrap/report/kustomize.ts';
import { attempt } from '../attempt.ts';
import { readConfiguration } from '../check/configuration.ts';
import { type ReadSources, readSources } from '../check/read-sources.ts';
import { oneOf } from '../options.ts';
import { type GivenOptions, type Tool, ToolError, type ToolIo, toolExitCodes } from '../tool.ts';
import { readKnownImages } from './known-images.ts';
import { wrapFormats, wrapOptions } from './wrap-options.ts';

/** `mesh-shim wrap`. */
export const wrap: Tool = {
  operands: '[PATH...|-]',
  about: [
    'Puts mesh-shim in front of every app that needs it, in manifests of Kubernetes.',
    'PATH is a file or a folder (default: this one); - is standard input.',
    'Without --write and --kustomize it only shows what it would do.',
  ],
  options: wrapOptions,
  exitCodes: ['allWrapped', 'leftAlone', 'notDone', 'internal'],
  run: wrapPaths,
};

async function wrapPaths({ operands, values }: GivenOptions, io: ToolIo): Promise<number> {
  const paths = operands.length === 0 ? ['.'] : operands;
  const format = oneOf('format', values.get('format') ?? 'table', wrapFormats, { where: '--format' });
  const options = wishesOf(values);
  refuseContradictions(values, paths);
  const configuration = readConfiguration(values, io.cwd);
  const read = await readSources(paths, io, {
    exclude: configuration.exclude,
    gitignore: !values.has('no-gitignore'),
    render: values.has('render'),
  });
  const newlines = new Map<string, Newlines>();
  const sources = read.sources.map((source) => {
    const { text, newlines: own } = withoutNewlines(source.text);
    newlines.set(source.name, own);
    return { ...source, text };
  });
  const loaded = loadManifests(sources, configuration.inputs.namespace ?? defaultInputs.namespace);
  sayWhatWasRead(loaded, read, [...configuration.notes, ...read.notes], paths, io);
  const clusters = buildWorlds(loaded.worlds, configuration.inputs, configuration.podTemplates);
  const workloads = clusters.flatMap(({ cluster }) => cluster.workloads);
  const isUndo = values.has('undo');
  const needed = isUndo ? new Set<string>() : imagesToRead(workloads, options);
  const images = await readKnownImages(needed, values, io);
  if (values.has('list-images')) {
    const { imagesFileText } = await import('../../images/index.ts');
    const found = [...images].map(([name, image]) => [name, 'unreadable' in image ? undefined : image] as const);
    io.stdout.write(imagesFileText(new Map(found)));
    return exitCodeOf([], loaded, read);
  }
  const planned = isUndo ? planUndos(clusters) : planWraps(clusters, images, options);
  const folder = values.get('kustomize');
  const { plans, changed } = folder === undefined ? carryOut(planned) : { plans: planned, changed: [] };
  const texts = changed.map((source) => ({ ...source, text: withNewlines(source.text, newlines.get(source.name)) }));
  const before = new Map(read.sources.map(({ name, text }) => [name, text]));
  const names = texts.map(({ name }) => name);
  switch (format) {
    case 'json':
      io.stdout.write(formatJson(plans, names));
      break;
    case 'diff':
      io.stdout.write(
        texts.map(({ name, text }) => formatDiff(printable(name), before.get(name) ?? '', text)).join(''),
      );
      break;
    case 'yaml':
      io.stdout.write(joined(read.sources, new Map(texts.map(({ name, text }) => [name, text]))));
      break;
    case 'table':
      io.stdout.write(formatTable(plans, { verbose: values.has('verbose'), undo: isUndo }));
  }
  if (folder !== undefined) writeComponent(folder, plans, io);
  else if (values.has('write')) writeTexts(texts, io);
  else if (format === 'table' && texts.length > 0)
    io.stderr.write('mesh-shim: nothing was written; --write changes the files\n');
  return exitCodeOf(plans, loaded, read);
}

function wishesOf(values: GivenOptions['values']) {
  const way = oneOf('way', values.get('way') ?? 'init', ways, { where: '--way' });
  const preload = oneOf('choice', values.get('preload') ?? 'never', preloads, { where: '--preload' });
  const image = values.get('image') ?? '';
  const quitAfter = values.get('quit-after')?.split(',') ?? [];
  const needsImage = way !== 'layer' && !values.has('undo') && !values.has('list-images');
  if (needsImage && image === '') {
    throw new ToolError(
      `--way ${way} needs the image of mesh-shim: --image IMAGE (docs/into-pods.md says how it is made)`,
    );
  }
  return { way, preload, image, quitAfter };
}

function refuseContradictions(values: GivenOptions['values'], paths: readonly string[]): void {
  if (values.has('write') && paths.includes('-')) {
    throw new ToolError('--write changes files, got - (standard input); print the result with --format yaml');
  }
  if (values.has('write') && values.has('render')) {
    throw new ToolError(
      '--write changes files, and --render reads what is made of them; use --kustomize with --render',
    );
  }
  if (values.has('write') && values.has('kustomize')) {
    throw new ToolError('--write changes the files, and --kustomize leaves them as they are; use one of the two');
  }
  if (values.has('undo') && values.has('kustomize')) {
    throw new ToolError('--undo changes files; what --kustomize has written goes with its folder');
  }
}

function sayWhatWasRead(
  loaded: LoadedManifests,
  read: ReadSources,
  notes: readonly string[],
  paths: readonly string[],
  io: ToolIo,
) {
  for (const note of notes) io.stderr.write(`mesh-shim: ${note}\n`);
  for (const { file, line, message } of [...read.unread, ...loaded.unread]) {
    io.stderr.write(`mesh-shim: cannot read ${printable(`${file}:${line}: ${message}`)}\n`);
  }
  const skipped = [...read.skipped, ...loaded.skipped].filter(isNearManifest);
  for (const { file, line, reason } of skipped)
    io.stderr.write(`mesh-shim: left out: ${printable(`${file}:${line}: ${reason}`)}\n`);
  if (loaded.objects.length === 0 && loaded.unread.length + read.unread.length + skipped.length === 0) {
    throw new ToolError(`no Kubernetes object in ${paths.join(', ')}; name manifests`);
  }
}

/** The plans as far as the texts let them be carried out. */
function carryOut(planned: readonly WorkloadPlan[]) {
  const wanted = planned.filter(({ operations }) => operations.length > 0);
  const { changed, refused } = editSources(wanted);
  const plans = planned.map((plan): WorkloadPlan => {
    if (!refused.has(plan)) return plan;
    const why = 'its text cannot be changed without touching others (an anchor, or an unusual shape): use --kustomize';
    return { ...plan, outcome: 'left', why };
  });
  return { plans, changed };
}

function exitCodeOf(plans: readonly WorkloadPlan[], loaded: LoadedManifests, read: ReadSources): number {
  if (read.unread.length + loaded.unread.length > 0) return toolExitCodes.notDone.code;
  return plans.some(({ outcome }) => outcome === 'left') ? toolExitCodes.leftAlone.code : toolExitCodes.allWrapped.code;
}

/** All manifests, each file once, for kubectl or the next program of a pipe. */
function joined(sources: readonly ManifestSource[], texts: ReadonlyMap<string, string>): string {
  const files = new Map(sources.map(({ name, text }) => [name, texts.get(name) ?? text]));
  return [...files.values()].map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join('---\n');
}

function writeTexts(texts: readonly ManifestSource[], io: ToolIo): void {
  for (const { name, text } of texts) {
    attempt(`write ${name}`, () => writeFileSync(resolve(io.cwd, name), text));
    io.stderr.write(`mesh-shim: wrote ${name}\n`);
  }
}

function writeComponent(folder: string, plans: readonly WorkloadPlan[], io: ToolIo): void {
  attempt(`make the folder ${folder}`, () => mkdirSync(resolve(io.cwd, folder), { recursive: true }));
  for (const { name, text } of kustomizeFiles(plans)) {
    attempt(`write ${folder}/${name}`, () => writeFileSync(resolve(io.cwd, folder, name), text));
    io.stderr.write(`mesh-shim: wrote ${join(folder, name)}\n`);
  }
}
