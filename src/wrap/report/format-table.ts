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
}

/** Longer lists are cut unless everything was asked for. */
const mostRows = 20;
const lineWidth = 110;

/** What was done to which workload, what was left alone, and why: for people. */
export function formatTable(plans: readonly WorkloadPlan[], options: TableOptions): string {
  const { undo } = options;
  const sections = [
    ...section(undo ? 'Taken out' : 'Wrapped', rowsOf(plans, 'wrapped'), options),
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

function moreOf({ outcome, before, after, notes }: ContainerPlan): string[] {
  const commands =
    outcome === 'migrated' && before && after ? [`before: ${spellWords(before)}`, `after:  ${spellWords(after)}`] : [];
  const runs = outcome === 'wrapped' && after && after.length > 0 ? [spellWords(after)] : [];
  return [...commands, ...runs, ...notes.map((note) => `note: ${printable(note)}`)];
}

function section(title: string, rows: readonly Row[], { verbose }: TableOptions): string[] {
  if (rows.length === 0) return [];
  const shown = verbose ? rows : rows.slice(0, mostRows);
  const [widest, named] = [widthOf(shown, 'object'), widthOf(shown, 'container')];
  const lines = shown.flatMap(({ object, container, why, more }) => {
    const head = `  ${object.padEnd(widest)}  ${container.padEnd(named)}  `;
    const room = Math.max(40, lineWidth - head.length);
    const [first = '', ...rest] = wrap(why, room);
    return [
      `${head}${first}`.trimEnd(),
      ...rest.map((line) => `${' '.repeat(head.length)}${line}`),
      ...more.map((line) => `    ${line}`),
    ];
  });
  const cut = rows.length - shown.length;
  const others = cut === 0 ? [] : [`  and ${cut} more${summaryOf(rows.slice(shown.length))} (--verbose lists them)`];
  return [`${title} (${plural(rows.length, 'container')}):`, ...lines, ...others, ''];
}

/** Why the ones that are not listed: one line must do. */
function summaryOf(rows: readonly Row[]): string {
  const reasons = [...groupBy(rows, ({ why }) => why)].filter(([why]) => why !== '');
  return reasons.length === 1 && reasons[0] !== undefined ? `: ${reasons[0][0]}` : '';
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
  const lines = groups.flatMap(([reason, own]) => [
    `  ${String(own.length).padStart(5)}  ${reason}`,
    ...(verbose ? own.map(({ object }) => `         ${printable(objectName(object))}`) : []),
  ]);
  return [`Nothing to do (${plural(idle.length, 'workload')}):`, ...lines, ''];
}

/** Notes of workloads, each once with how many it holds for. */
function noteLines(plans: readonly WorkloadPlan[], { verbose }: TableOptions): string[] {
  const pairs = plans.flatMap(({ object, notes }) => notes.map((note) => ({ note, object: objectName(object) })));
  const groups = [...groupBy(pairs, ({ note }) => note)];
  if (groups.length === 0) return [];
  const shown = verbose ? groups : groups.slice(0, mostRows);
  const cut = groups.length - shown.length;
  return [
    'To know:',
    ...shown.flatMap(([note, own]) => {
      const first = printable(own[0]?.object ?? '');
      const who = own.length === 1 ? first : `${first} and ${own.length - 1} more`;
      return wrap(`${who}: ${printable(note)}`, lineWidth - 4).map(
        (line, index) => (index === 0 ? '  ' : '    ') + line,
      );
    }),
    ...(cut === 0 ? [] : [`  and ${cut} more (--verbose lists them)`]),
    '',
  ];
}

function countLine(plans: readonly WorkloadPlan[], { undo }: TableOptions): string {
  const { workloads, wrapped, migrated, done, kept, left } = summarize(plans);
  if (undo) return `${plural(workloads, 'workload')} with mesh-shim: taken out of ${wrapped}, not of ${left}.`;
  const parts = [
    `${wrapped} wrapped`,
    ...(migrated > 0 ? [`${migrated} migrated`] : []),
    ...(left > 0 ? [`${left} left alone`] : []),
    `${done} behind mesh-shim before`,
    `${kept} that need nothing`,
  ];
  return `${plural(workloads, 'workload')}: ${parts.join(', ')}.`;
}
