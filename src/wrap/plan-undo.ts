import { type Operation, withEmptyParents } from '../check/edit/operation.ts';
import type { Workload } from '../check/model/cluster.ts';
import { dict, list, type Path, text, valueAt } from '../check/read/values.ts';
import type { ContainerPlan, WorkloadPlan } from './plan.ts';
import { installerName, mountPath, preloadOption, volumeName, wrappedAnnotation } from './pod-parts.ts';
import { type ContainerRecord, parseRecord } from './record.ts';

/** Takes out of a workload what its annotation says that `wrap` has put in; undefined for one without the annotation. */
export function planUndo({ object, template }: Workload, world: string | undefined): WorkloadPlan | undefined {
  const { data } = object;
  const annotations = [...template.path, 'metadata', 'annotations'];
  const written = valueAt(data, [...annotations, wrappedAnnotation]);
  if (written === undefined) return undefined;
  const base = { object, world, why: undefined, containers: [], notes: [], operations: [] };
  const record = typeof written === 'string' ? parseRecord(written) : undefined;
  if (record === undefined) {
    return { ...base, outcome: 'left', why: `its annotation ${wrappedAnnotation} is not one that wrap has written` };
  }
  const containers = template.containers.flatMap(({ name, data: own, path }): ContainerPlan[] => {
    const before = Object.hasOwn(record, name) ? record[name] : undefined;
    if (before === undefined) return [];
    const operations = undoContainer(own, path, before);
    if (operations === undefined) {
      return [{ name, outcome: 'left', why: 'its command was changed since', notes: [], operations: [] }];
    }
    const after = startAfter(own, before);
    const why = before.command === null ? 'taken out: its image says again what it starts' : 'taken out';
    return [{ name, outcome: 'undone', why, before: wordsOf(own), after, notes: [], operations }];
  });
  if (containers.some(({ outcome }) => outcome === 'left')) return { ...base, outcome: 'left', containers };
  const others = template.containers.filter(({ name }) => !containers.some((one) => one.name === name));
  const stranger = others.find(({ data: own }) => mountsOf(own).some((mount) => mount.name === volumeName));
  const gone = Object.keys(record).find((name) => !template.containers.some((one) => one.name === name));
  if (stranger !== undefined && gone !== undefined) {
    const why = `its annotation ${wrappedAnnotation} names ${gone}, which is not there, and not ${stranger.name}: rename it there, too`;
    return { ...base, outcome: 'left', why };
  }
  const { initPath, volumesPath } = template;
  const files = stranger
    ? []
    : [
        ...removeFrom(data, volumesPath, ({ name }) => name === volumeName),
        ...(initPath === undefined ? [] : removeFrom(data, initPath, ({ name }) => name === installerName)),
      ];
  const operations: Operation[] = [
    ...containers.flatMap((one) => one.operations),
    ...files,
    { op: 'remove', path: withEmptyParents(data, [...annotations, wrappedAnnotation], template.path.length + 1) },
  ];
  return { ...base, outcome: 'undone', containers, operations };
}

function undoContainer(
  data: Readonly<Record<string, unknown>>,
  path: Path,
  before: ContainerRecord,
): Operation[] | undefined {
  const operations: Operation[] = [];
  // What somebody has taken out by hand is out.
  const remove = (field: string) => {
    if (field in data) operations.push({ op: 'remove', path: [...path, field] });
  };
  const command = list(data.command).map(String);
  if (before.command !== undefined && data.command !== undefined && !command.some(isShim)) return undefined;
  if (typeof before.command === 'number') {
    if (!isShim(command[0] ?? '') || command[before.command - 1] !== '--') return undefined;
    operations.push({ op: 'splice', path: [...path, 'command'], index: 0, count: before.command, items: [] });
  } else if (before.command === null) remove('command');
  else if (before.command !== undefined) operations.push(...rewrite([...path, 'command'], command, before.command));
  const args = list(data.args).map(String);
  if (before.args === null) remove('args');
  else if (before.args !== undefined && data.args === undefined) {
    operations.push({ op: 'set', path: [...path, 'args'], value: before.args, after: ['name', 'image', 'command'] });
  } else if (before.args !== undefined) operations.push(...rewrite([...path, 'args'], args, before.args));
  if (before.startupProbe === null) remove('startupProbe');
  const env = list(data.env).map(dict);
  const isOurs = ({ name, value }: Readonly<Record<string, unknown>>) =>
    name === 'NODE_OPTIONS' && text(value)?.startsWith(preloadOption) === true;
  if (typeof before.nodeOptions === 'string') {
    const at = env.findLastIndex(isOurs);
    if (at !== -1) operations.push({ op: 'set', path: [...path, 'env', at, 'value'], value: before.nodeOptions });
  }
  operations.push(
    ...removeFrom(data, ['env'], (entry) =>
      before.nodeOptions === null ? isOurs(entry) : before.quit === null && entry.name === 'MESH_SHIM_QUIT',
    ).map((operation) => ({ ...operation, path: [...path, ...operation.path] })),
    ...removeFrom(data, ['volumeMounts'], (mount) => mount.name === volumeName && mount.mountPath === mountPath).map(
      (operation) => ({ ...operation, path: [...path, ...operation.path] }),
    ),
  );
  return operations;
}

function isShim(word: string): boolean {
  return /(?:^|\/)mesh-shim$/.test(word);
}

/** Another list of words, of which head and tail stay where they are. */
function rewrite(path: Path, now: readonly string[], before: readonly string[]): Operation[] {
  let head = 0;
  while (head < Math.min(now.length, before.length) && now[head] === before[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(now.length, before.length) - head && now.at(-1 - tail) === before.at(-1 - tail)) tail += 1;
  const count = now.length - head - tail;
  const items = before.slice(head, before.length - tail);
  return count + items.length === 0 ? [] : [{ op: 'splice', path, index: head, count, items }];
}

function startAfter(data: Readonly<Record<string, unknown>>, { command, args }: ContainerRecord): string[] {
  const own = list(data.command).map(String);
  const before = typeof command === 'number' ? own.slice(command) : command === undefined ? own : (command ?? []);
  return [...before, ...(args === undefined ? list(data.args).map(String) : (args ?? []))];
}

function wordsOf(data: Readonly<Record<string, unknown>>): string[] {
  return [...list(data.command), ...list(data.args)].map(String);
}

function mountsOf(data: Readonly<Record<string, unknown>>) {
  return list(data.volumeMounts).map(dict);
}

/** The items of a list that are ours; with the last one the list goes. */
function removeFrom(
  data: unknown,
  path: Path,
  isOurs: (item: Readonly<Record<string, unknown>>) => boolean,
): Operation[] {
  const items = list(valueAt(data, path)).map(dict);
  const found = items.flatMap((item, index) => (isOurs(item) ? [index] : []));
  if (found.length > 0 && found.length === items.length) return [{ op: 'remove', path }];
  return found.map((index) => ({ op: 'remove', path: [...path, index] }));
}
