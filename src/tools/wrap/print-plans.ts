import type { ManifestSource } from '../../check/read/manifest.ts';
import { printable } from '../../check/report/printable.ts';
import type { WorkloadPlan } from '../../wrap/plan.ts';
import { formatDiff } from '../../wrap/report/format-diff.ts';
import { formatJson } from '../../wrap/report/format-json.ts';
import { formatTable, type TableOptions } from '../../wrap/report/format-table.ts';
import type { wrapFormats } from './wrap-options.ts';

interface Changes {
  /** All sources, as they were read. */
  readonly before: readonly ManifestSource[];
  /** Those that change, with their new text. */
  readonly after: readonly ManifestSource[];
}

/** What goes to standard output. */
export function printPlans(
  format: (typeof wrapFormats)[number],
  plans: readonly WorkloadPlan[],
  { before, after }: Changes,
  options: TableOptions,
): string {
  const read = new Map(before.map(({ name, text }) => [name, text]));
  switch (format) {
    case 'json':
      return formatJson(
        plans,
        after.map(({ name }) => name),
      );
    case 'diff':
      return after.map(({ name, text }) => formatDiff(printable(name), read.get(name) ?? '', text)).join('');
    case 'yaml':
      return joined(new Map([...read, ...after.map(({ name, text }) => [name, text] as const)]));
    case 'table':
      return formatTable(plans, options);
  }
}

/** All manifests, each file once, for kubectl or the next program of a pipe. */
function joined(files: ReadonlyMap<string, string>): string {
  return [...files.values()].map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join('---\n');
}
