import type { KubeObject } from '../read/manifest.ts';
import { dict, isDict, list, type Path, text, valueAt } from '../read/values.ts';
import type { ConfigMaps } from './environment.ts';
import { type PodTemplate, readTemplate } from './pod.ts';
import { type WorkloadKind, workloadKinds } from './workload-kinds.ts';

/** Where the pods of a kind that is not in the table are described. */
export interface PodTemplatePath {
  /** `Kind` of the core group, `Kind.group` of another. */
  readonly kind: string;
  /** The way to the template; `*` stands for every item: `spec.tasks.*.template`. */
  readonly path: string;
}

/** Kinds by group and name: a Job of Volcano is no Job of Kubernetes. */
export type KindsByName = ReadonlyMap<string, WorkloadKind>;

const ownKinds: KindsByName = byName(workloadKinds);

/** The table, with what the user has named. */
export function kindsWith(extra: readonly PodTemplatePath[]): KindsByName {
  if (extra.length === 0) return ownKinds;
  const paths = new Map<string, string[]>();
  for (const { kind, path } of extra) paths.set(kind, [...(paths.get(kind) ?? []), path]);
  const named = [...paths].map(([full, own]): WorkloadKind => {
    const [kind = '', ...group] = full.split('.');
    return { groups: [group.join('.')], kind, paths: own, life: 'stays', source: 'mesh-shim.yaml' };
  });
  return new Map([...ownKinds, ...byName(named)]);
}

export function kindOf(
  { group, kind }: Pick<KubeObject, 'group' | 'kind'>,
  kinds: KindsByName,
): WorkloadKind | undefined {
  return kinds.get(`${group}/${kind}`);
}

/** The pod templates of an object; `configMaps`: those of its namespace. */
export function podTemplates({ data }: KubeObject, kind: WorkloadKind, configMaps: ConfigMaps): PodTemplate[] {
  return kind.paths
    .flatMap((written) => expandPath(data, written))
    .flatMap((path) => {
      const found = valueAt(data, path);
      if (!isDict(found)) return [];
      switch (kind.shape) {
        case 'workflow':
          return workflowTemplate(data, path, configMaps);
        case 'flat':
          return [readTemplate(data, { path, spec: path, containers: [], init: [] }, configMaps)];
        case 'task':
          return taskTemplate(data, path, configMaps);
        default:
          return [
            readTemplate(
              data,
              {
                path,
                spec: [...path, 'spec'],
                containers: fields(path, 'containers'),
                init: fields(path, 'initContainers'),
              },
              configMaps,
            ),
          ];
      }
    });
}

function byName(kinds: readonly WorkloadKind[]): KindsByName {
  return new Map(kinds.flatMap((kind) => kind.groups.map((group) => [`${group}/${kind.kind}`, kind] as const)));
}

function fields(template: Path, field: string): Path[] {
  return [[...template, 'spec', field]];
}

/** `a.*.b` as the ways that are there. */
function expandPath(data: unknown, written: string): Path[] {
  const steps = written === '' ? [] : written.split('.');
  return steps.reduce<Path[]>(
    (paths, step) =>
      step === '*' ? paths.flatMap((path) => childrenAt(data, path)) : paths.map((path) => [...path, step]),
    [[]],
  );
}

function childrenAt(data: unknown, path: Path): Path[] {
  const value = valueAt(data, path);
  if (isDict(value)) return Object.keys(value).map((key) => [...path, key]);
  return list(value).map((_, index) => [...path, index]);
}

/** A step of Argo Workflows that makes a pod: one with a container, a script or a set of containers. */
function workflowTemplate(data: unknown, path: Path, configMaps: ConfigMaps): PodTemplate[] {
  const own = dict(valueAt(data, path));
  const single = ['container', 'script'].filter((field) => isDict(own[field])).map((field) => [...path, field]);
  const set = [...path, 'containerSet', 'containers'];
  if (single.length === 0 && !Array.isArray(valueAt(data, set))) return [];
  // hostNetwork, securityContext and the like stand beside the list of steps.
  const spec = path.slice(0, -2);
  const containers = [...single, set, [...path, 'sidecars']];
  return [
    readTemplate(
      data,
      {
        path,
        spec,
        containers,
        init: [[...path, 'initContainers']],
        volumes: [...path, 'volumes'],
        common: [...spec, 'podMetadata'],
        name: text(own.name),
      },
      configMaps,
    ),
  ];
}

/** A task of Tekton: its steps are containers; labels and annotations are those of the object, or of the task in a pipeline. */
function taskTemplate(data: unknown, path: Path, configMaps: ConfigMaps): PodTemplate[] {
  if (!Array.isArray(valueAt(data, [...path, 'steps']))) return [];
  const holder = path.some((step) => typeof step === 'number') ? path : [];
  const containers = [
    [...path, 'steps'],
    [...path, 'sidecars'],
  ];
  return [readTemplate(data, { path: holder, spec: path, containers, init: [] }, configMaps)];
}
