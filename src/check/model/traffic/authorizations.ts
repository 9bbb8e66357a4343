import type { KubeObject } from '../../read/manifest.ts';
import { type Dict, dict, list, type Path, text, texts } from '../../read/values.ts';
import type { Cluster, Workload } from '../cluster.ts';
import { nearestCopies } from '../copies.ts';
import { groupBy, push } from '../group-by.ts';
import { selectorMatches } from '../selectors.ts';

/** An AuthorizationPolicy that allows or denies. */
export interface Authorization {
  readonly object: KubeObject;
  readonly action: 'ALLOW' | 'DENY';
  readonly rules: readonly AuthorizationRule[];
}

/** Callers, operations and conditions that must all hold; of each list's items one, but for conditions. */
export interface AuthorizationRule {
  readonly path: Path;
  readonly sources: readonly Dict[];
  readonly operations: readonly Dict[];
  readonly conditions: readonly Dict[];
}

/** The policies that a workload's sidecar obeys: of the mesh, of the namespace, of its labels. */
export type AuthorizationsOf = (workload: Workload) => readonly Authorization[];

/** Texts that Go reads as true. Source: Istio 1.31, isDryRun. */
const trueTexts: readonly string[] = ['1', 't', 'T', 'TRUE', 'true', 'True'];

/** Those for gateways and waypoints (`targetRefs`), of other actions, and on trial (`istio.io/dry-run`) are left out. */
export function indexAuthorizations(cluster: Cluster): AuthorizationsOf {
  const { rootNamespace } = cluster.inputs;
  const all = cluster.ofKind('AuthorizationPolicy').flatMap(readAuthorization);
  const [selecting, whole] = split(all);
  const wholeByNamespace = groupBy(whole, ({ object }) => object.namespace);
  const byWorkload = new Map<Workload, Authorization[]>();
  for (const authorization of selecting) {
    const { object } = authorization;
    const labels = texts(dict(selectorOf(object)).matchLabels);
    const workloads =
      object.namespace === rootNamespace
        ? cluster.workloads.filter(({ template }) => selectorMatches(selectorOf(object), template.labels))
        : cluster.selected(object.namespace, labels);
    for (const workload of workloads) push(byWorkload, workload, authorization);
  }
  return (workload) => {
    const namespaces = new Set([rootNamespace, workload.object.namespace]);
    const found = [...namespaces].flatMap((namespace) => wholeByNamespace.get(namespace) ?? []);
    const own = byWorkload.get(workload) ?? [];
    return nearestCopies([...found, ...own], ({ object }) => object, workload.object);
  };
}

function split(all: readonly Authorization[]): [selecting: Authorization[], whole: Authorization[]] {
  const bySelector = groupBy(all, ({ object }) => Object.keys(texts(dict(selectorOf(object)).matchLabels)).length > 0);
  return [bySelector.get(true) ?? [], bySelector.get(false) ?? []];
}

function selectorOf({ data }: KubeObject): unknown {
  return dict(data.spec).selector;
}

function readAuthorization(object: KubeObject): Authorization[] {
  const { action = 'ALLOW', rules, targetRef, targetRefs } = dict(object.data.spec);
  const annotations = texts(dict(object.data.metadata).annotations);
  const dryRun = trueTexts.includes(annotations['istio.io/dry-run'] ?? '');
  if ((action !== 'ALLOW' && action !== 'DENY') || dryRun) return [];
  if (targetRef !== undefined || targetRefs !== undefined) return [];
  return [{ object, action, rules: list(rules).map((rule, index) => readRule(dict(rule), ['spec', 'rules', index])) }];
}

function readRule({ from, to, when }: Dict, path: Path): AuthorizationRule {
  return {
    path,
    sources: list(from).map((item) => dict(dict(item).source)),
    operations: list(to).map((item) => dict(dict(item).operation)),
    conditions: list(when).map(dict),
  };
}

const httpOfOperations: readonly string[] = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'];
const httpOfSources: readonly string[] = ['requestPrincipals', 'notRequestPrincipals'];

/** Where operations say something of HTTP. Source: Istio 1.31, authz/model/generator.go: "is HTTP only". */
export function httpOperations({ operations, path }: AuthorizationRule): Path[] {
  return operations.flatMap((operation, index) =>
    filled(operation, httpOfOperations).map((field) => [...path, 'to', index, 'operation', field]),
  );
}

/** Where callers and conditions do. */
export function httpCallers({ sources, conditions, path }: AuthorizationRule): Path[] {
  const ofSources = sources.flatMap((source, index) =>
    filled(source, httpOfSources).map((field) => [...path, 'from', index, 'source', field]),
  );
  const ofConditions = conditions.flatMap((condition, index) =>
    isHttpKey(condition.key) ? [[...path, 'when', index, 'key']] : [],
  );
  return [...ofSources, ...ofConditions];
}

function isHttpKey(key: unknown): boolean {
  return (text(key) ?? '').startsWith('request.');
}

/** The rule's callers and conditions without what they say of HTTP: what counts of a DENY on a TCP port. */
export function withoutHttp({ sources, conditions }: AuthorizationRule): { sources: Dict[]; conditions: Dict[] } {
  return {
    sources: sources.map((source) =>
      Object.fromEntries(Object.entries(source).filter(([field]) => !httpOfSources.includes(field))),
    ),
    conditions: conditions.filter(({ key }) => !isHttpKey(key)),
  };
}

function filled(data: Dict, fields: readonly string[]): string[] {
  return fields.filter((field) => list(data[field]).length > 0);
}

/** Whether an operation is about a container port. */
export function takesPort({ ports, notPorts }: Dict, number: number): boolean {
  if (list(notPorts).includes(String(number))) return false;
  return list(ports).length === 0 || list(ports).includes(String(number));
}
