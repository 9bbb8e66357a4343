import type { Cluster, Workload } from '../model/cluster.ts';
import type { KubeObject } from '../read/manifest.ts';
import { dict, int, type Path, text, valueAt } from '../read/values.ts';
import { type Change, type Edit, type Fix, set } from './fix.ts';
import { PortNames, portsOf } from './port-names.ts';
import { followContainerPort, followServicePort } from './port-references.ts';

/**
 * A rule says what must change; this adds what changes with it. Names of a Service's ports are made such as Kubernetes takes
 * them, and what names a port, or calls it by its number, follows. `claims`: names that other fixes have given.
 */
export function completeFix(fix: Fix, cluster: Cluster, claims: PortNames = new PortNames()): Fix {
  const named = nameServicePorts(fix.changes, claims);
  const references = named.flatMap((change) => referencesOf(change, cluster));
  const extra = references.filter(
    ({ object, edit }) => !named.some((own) => own.object === object && isAt(own.edit, edit)),
  );
  return extra.length === 0 && named.length === fix.changes.length && named.every((one, at) => one === fix.changes[at])
    ? fix
    : { ...fix, changes: [...named, ...extra] };
}

function isAt(a: Edit, b: Edit): boolean {
  return a.op === b.op && a.op === 'set' && b.op === 'set' && a.path.join('\0') === b.path.join('\0');
}

function referencesOf({ object, edit }: Change, cluster: Cluster): Change[] {
  if (edit.op !== 'set') return [];
  const before = valueAt(object.data, edit.path);
  if (before === undefined || before === edit.value) return [];
  if (isService(object)) {
    const isName = edit.path.length === 4 && edit.path[1] === 'ports' && edit.path[3] === 'name';
    return isName && typeof before === 'string' ? followServicePort(cluster, object, before, String(edit.value)) : [];
  }
  if (edit.path.at(-1) !== 'containerPort' || typeof before !== 'number' || typeof edit.value !== 'number') return [];
  const { value } = edit;
  return cluster.workloads
    .filter((workload) => workload.object.data === object.data && hasPort(workload, edit.path))
    .flatMap((workload) => followContainerPort(cluster, workload, before, value));
}

function hasPort({ ports }: Workload, path: Path): boolean {
  return ports.some((port) => port.path.join('\0') === path.slice(0, -1).join('\0'));
}

function isService({ kind, group }: KubeObject): boolean {
  return kind === 'Service' && group === '';
}

/** Names are unique, and a Service of several ports has one for each: a port that had none gets one that says no protocol. */
function nameServicePorts(changes: readonly Change[], claims: PortNames): readonly Change[] {
  const named = new Set<KubeObject>();
  return changes.flatMap((change) => {
    const { object, edit } = change;
    const name = isService(object) ? newName(edit) : undefined;
    if (name === undefined) return [change];
    const isFirst = !named.has(object);
    named.add(object);
    const nameless = edit.op === 'append' && isFirst ? nameNameless(object, claims) : [];
    const free = claims.claim(object, { wanted: name, ...portOf(object, edit) });
    return [...nameless, free === name ? change : { object, edit: withName(edit, free) }];
  });
}

function nameNameless(object: KubeObject, claims: PortNames): Change[] {
  return portsOf(object).flatMap((port, index) => {
    if (text(port.name) !== undefined) return [];
    const number = int(port.port) ?? index;
    const free = claims.claim(object, { wanted: `port-${number}`, number, port: String(index) });
    return [set(object, ['spec', 'ports', index, 'name'], free)];
  });
}

/** The name that an edit gives to a port of a Service. */
function newName(edit: Edit): string | undefined {
  if (edit.op === 'append' && edit.path.join('.') === 'spec.ports') return text(dict(edit.value).name);
  if (edit.op !== 'set' || edit.path.length !== 4) return undefined;
  return edit.path[1] === 'ports' && edit.path[3] === 'name' ? text(edit.value) : undefined;
}

/** Which port of a Service an edit gives a name to. */
function portOf(object: KubeObject, edit: Edit): { readonly number: number; readonly port: string } {
  if (edit.op === 'append') {
    const number = int(dict(edit.value).port) ?? 0;
    return { number, port: `new ${number}` };
  }
  const index = edit.op === 'set' ? Number(edit.path[2]) : -1;
  return { number: int(portsOf(object)[index]?.port) ?? 0, port: String(index) };
}

function withName(edit: Edit, name: string): Edit {
  if (edit.op === 'append') return { ...edit, value: { ...dict(edit.value), name } };
  return edit.op === 'set' ? { ...edit, value: name } : edit;
}
