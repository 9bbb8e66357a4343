import { groupBy } from '../../check/model/group-by.ts';
import { objectName } from '../../check/read/manifest.ts';
import { printable } from '../../check/report/printable.ts';
import { plural } from '../../text/plural.ts';
import { wrap } from '../../text/wrap.ts';
import type { ContainerPlan, Outcome, WorkloadPlan } from '../plan.ts';
import { spellWords } from './spell-words.ts';
import { summarize } from './summary.ts';

export interface TableOptions {
  /** Every workload, however many there are. */
  readonly verbose: boolean;
  /** Whether `wrap` was taken out, not put in. */
  readonly undo: boolean;
  /** Who is in the mesh. */
  readonly census: readonly string[];
}

/** Longer lists are cut unless everything was asked for. */
const mostRows = 20;
export const tableWidth = 100;

/** What was done to which workload, what was left alone, and why: for people. */
export function formatTable(plans: readonly WorkloadPlan[], options: TableOptions): string {
  const { undo } = options;
  const sections = [
    ...options.census,
    ...section('Taken out', rowsOf(plans, 'undone'), options),
    ...section('Wrapped', rowsOf(plans, 'wrapped'), options),
    ...section('Migrated to mesh-shim', rowsOf(plans, 'migrated'), options),
    ...section(undo ? 'Not taken out' : 'Left alone, and not protected', rowsOf(plans, 'left'), options),
    ...idleLines(plans, options),
    ...noteLines(plans, options),
  ];
  return [...sections, countLine(plans, options), ''].join('\n');
}

interface Row {
  readonly object: string;
  readonly container: string;
  readonly why: string;
  readonly more: readonly string[];
}

function rowsOf(plans: readonly WorkloadPlan[], outcome: Outcome): Row[] {
  return plans.flatMap((plan): Row[] => {
    const object = printable(objectName(plan.object));
    if (plan.why !== undefined)
      return plan.outcome === outcome ? [{ object, container: '', why: printable(plan.why), more: [] }] : [];
    const own = plan.containers.filter((container) => container.outcome === outcome);
    if (own.length === 0 && plan.containers.length === 0 && plan.outcome === outcome) {
      return [{ object, container: '', why: '', more: [] }];
    }
    return own.map((container) => ({
      object,
      container: printable(container.name),
      why: printable(container.why),
      more: moreOf(container),
    }));
  });
}

function moreOf({ outcome, image, before, after, notes }: ContainerPlan): string[] {
  const commands =
    (outcome === 'migrated' || outcome === 'undone') && before && after
      ? [`before: ${spellWords(before)}`, ...(after.length > 0 ? [`after:  ${spellWords(after)}`] : [])]
      : [];
  const runs = outcome === 'wrapped' && after && after.length > 0 ? [spellWords(after)] : [];
  const images = outcome === 'left' && image ? [`image: ${printable(image)}`] : [];
  return [...images, ...commands, ...runs, ...notes.map((note) => `note: ${printable(note)}`)];
}

function section(title: string, rows: readonly Row[], { verbose }: TableOptions): string[] {
  if (rows.length === 0) return [];
  const lines = verbose || rows.length <= mostRows ? rowLines(rows) : groupLines(rows);
  return [`${title} (${plural(rows.length, 'container')}):`, ...lines, ''];
}

function rowLines(rows: readonly Row[]): string[] {
  const [widest, wide] = [widthOf(rows, 'object'), widthOf(rows, 'container')];
  return rows.flatMap(({ object, container, why, more }) => {
    const head = `  ${object.padEnd(widest)}  ${container.padEnd(wide)}  `;
    const room = Math.max(40, tableWidth - head.length);
    const [first = '', ...rest] = wrap(why, room);
    return [
      `${head}${first}`.trimEnd(),
      ...rest.map((line) => `${' '.repeat(head.length)}${line}`),
      ...more.map((line) => `    ${line}`),
    ];
  });
}

/** Of many: how many there are of each kind, and the first of them. */
function groupLines(rows: readonly Row[]): string[] {
  const groups = [...groupBy(rows, ({ why }) => why)].toSorted(([, a], [, b]) => b.length - a.length);
  const shown = groups.slice(0, mostRows);
  const cut = groups.slice(mostRows).reduce((sum, [, own]) => sum + own.length, 0);
  return [
    ...shown.flatMap(([why, own]) => countedLines(own.length, `${why}: ${firstOf(own.map(({ object }) => object))}`)),
    ...(cut === 0 ? [] : countedLines(cut, 'for other reasons')),
    '         (--verbose lists all)',
  ];
}

function countedLines(count: number, text: string): string[] {
  return wrap(text, tableWidth - 9).map(
    (line, index) => `${index === 0 ? String(count).padStart(7) : '       '}  ${line}`,
  );
}

const named = 3;

function firstOf(objects: readonly string[]): string {
  const names = [...new Set(objects)];
  const first = names.slice(0, named).join(', ');
  return names.length <= named ? first : `${first} and ${names.length - named} more`;
}

function widthOf(rows: readonly Row[], field: 'object' | 'container'): number {
  return Math.min(48, Math.max(0, ...rows.map((row) => row[field].length)));
}

/** What needs no change, by its reason; names where all was asked for. */
function idleLines(plans: readonly WorkloadPlan[], { verbose }: TableOptions): string[] {
  const idle = plans.filter(({ outcome }) => outcome === 'done' || outcome === 'kept');
  if (idle.length === 0) return [];
  const reasonOf = ({ why, containers }: WorkloadPlan) =>
    printable(why ?? [...new Set(containers.map((container) => container.why))].join('; '));
  const groups = [...groupBy(idle, reasonOf)].toSorted(([, a], [, b]) => b.length - a.length);
  const shown = verbose ? groups : groups.slice(0, mostRows);
  const cut = groups.slice(shown.length).reduce((sum, [, own]) => sum + own.length, 0);
  const lines = shown.flatMap(([reason, own]) => [
    ...countedLines(own.length, reason),
    ...(verbose ? own.map(({ object }) => `         ${printable(objectName(object))}`) : []),
  ]);
  const others = cut === 0 ? [] : countedLines(cut, 'for other reasons (--verbose lists all)');
  return [`Nothing to do (${plural(idle.length, 'workload')}):`, ...lines, ...others, ''];
}

/** Notes of workloads, each once with how many it holds for. */
function noteLines(plans: readonly WorkloadPlan[], { verbose }: TableOptions): string[] {
  const pairs = plans.flatMap(({ object, notes }) => notes.map((note) => ({ note, object: objectName(object) })));
  const groups = [...groupBy(pairs, ({ note }) => note)].toSorted(([, a], [, b]) => b.length - a.length);
  if (groups.length === 0) return [];
  const shown = verbose ? groups : groups.slice(0, mostRows);
  const cut = groups.length - shown.length;
  return [
    'To know:',
    ...shown.flatMap(([note, own]) => {
      const objects = own.map(({ object }) => printable(object));
      const who = verbose ? objects.join(', ') : firstOf(objects);
      return countedLines(own.length, `${printable(note)}: ${who}`);
    }),
    ...(cut === 0 ? [] : [`         and ${cut} more notes (--verbose lists them)`]),
    '',
  ];
}

function countLine(plans: readonly WorkloadPlan[], { undo }: TableOptions): string {
  const { workloads, wrapped, migrated, undone, done, kept, left } = summarize(plans);
  if (undo) return `${plural(workloads, 'workload')} with mesh-shim: taken out of ${undone}, not of ${left}.`;
  const parts = [
    `${wrapped} wrapped`,
    ...(migrated > 0 ? [`${migrated} migrated`] : []),
    ...(left > 0 ? [`${left} left alone`] : []),
    `${done} behind mesh-shim before`,
    `${kept} that need nothing`,
  ];
  return `${plural(workloads, 'workload')}: ${parts.join(', ')}.`;
}
