import { buildWorlds } from '../../check/model/build-worlds.ts';
import { takeCensus } from '../../check/model/census.ts';
import { groupBy } from '../../check/model/group-by.ts';
import { defaultInputs } from '../../check/model/inputs.ts';
import { isNearManifest } from '../../check/read/left-out.ts';
import { type LoadedManifests, loadManifests } from '../../check/read/load.ts';
import { printable } from '../../check/report/printable.ts';
import { censusLines } from '../../check/report/text/census-lines.ts';
import { unjudged } from '../../check/report/unjudged.ts';
import { editSources } from '../../wrap/edit-sources.ts';
import type { WorkloadPlan } from '../../wrap/plan.ts';
import { planUndos, planWraps } from '../../wrap/plan-manifests.ts';
import { imagesToRead } from '../../wrap/plan-workload.ts';
import { tableWidth } from '../../wrap/report/format-table.ts';
import { readConfiguration } from '../check/configuration.ts';
import { type ReadSources, readSources } from '../check/read-sources.ts';
import { oneOf } from '../options.ts';
import { type GivenOptions, type Tool, ToolError, type ToolIo, toolExitCodes } from '../tool.ts';
import { listImages, readKnownImages } from './known-images.ts';
import { printPlans } from './print-plans.ts';
import { knownContainers, readWishes, refuseContradictions } from './wishes.ts';
import { wrapFormats, wrapOptions } from './wrap-options.ts';
import { refuseForeignFolder, writeComponent, writeTexts } from './write-changes.ts';

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
  const options = readWishes(values);
  refuseContradictions(values, paths);
  const folder = values.get('kustomize');
  if (folder !== undefined) refuseForeignFolder(folder, io);
  const configuration = readConfiguration(values, io.cwd);
  const read = await readSources(paths, io, {
    exclude: configuration.exclude,
    gitignore: !values.has('no-gitignore'),
    render: values.has('render'),
    notApplied: () =>
      'a command that is set there hides what is wrapped below it: see the result with --render, and wrap it with --render --kustomize DIR',
  });
  const loaded = loadManifests(read.sources, configuration.inputs.namespace ?? defaultInputs.namespace);
  const clusters = buildWorlds(loaded.worlds, configuration.inputs, configuration.podTemplates);
  const skipped = [...read.skipped, ...loaded.skipped, ...unjudged(clusters.map(({ cluster }) => cluster))];
  sayWhatWasRead(loaded, { ...read, skipped }, [...configuration.notes, ...read.notes], paths, io);
  const workloads = clusters.flatMap(({ cluster }) => cluster.workloads);
  knownContainers(options.quitAfter, workloads);
  const isUndo = values.has('undo');
  const needed = isUndo ? new Set<string>() : imagesToRead(workloads, options);
  const images = await readKnownImages(needed, values, io);
  if (values.has('list-images')) return listImages(images, io);
  const planned = isUndo ? planUndos(clusters) : planWraps(clusters, images, options);
  // What a program has rendered is no file of the user's.
  const isWritten = folder === undefined && !values.has('render');
  const { plans, changed } = isWritten ? carryOut(planned) : { plans: planned, changed: [] };
  const census = isUndo ? [] : censusLines(takeCensus(clusters), tableWidth, values.has('verbose'));
  const changes = { before: read.sources, after: changed };
  io.stdout.write(printPlans(format, plans, changes, { verbose: values.has('verbose'), undo: isUndo, census }));
  if (folder !== undefined) writeComponent(folder, plans, io);
  else if (values.has('write')) {
    if (!writeTexts(changed, io)) return toolExitCodes.notDone.code;
  } else if (format === 'table' && plans.some(({ operations }) => operations.length > 0)) {
    io.stderr.write(
      `mesh-shim: nothing was written; ${isWritten ? '--write changes the files' : '--kustomize DIR writes patches'}\n`,
    );
  }
  return exitCodeOf(plans, loaded, read);
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
  const skipped = read.skipped.filter(isNearManifest);
  for (const [reason, own] of groupBy(skipped, (one) => one.reason)) {
    const [first] = own;
    const others = own.length === 1 ? '' : ` and ${own.length - 1} more`;
    io.stderr.write(`mesh-shim: left out: ${printable(`${first?.file}:${first?.line}${others}: ${reason}`)}\n`);
  }
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
