import type { Operation } from '../check/edit/operation.ts';
import type { Workload } from '../check/model/cluster.ts';
import { membershipReasons } from '../check/model/membership-reasons.ts';
import { isOtherProxy } from '../check/model/other-meshes.ts';
import type { Container } from '../check/model/pod.ts';
import { dict, list, type Path, texts, valueAt } from '../check/read/values.ts';
import { setsCommand } from './container-start.ts';
import { knativeNotes } from './knative-notes.ts';
import type { ContainerPlan, KnownImages, Outcome, WorkloadPlan, WrapOptions } from './plan.ts';
import { planContainer } from './plan-container.ts';
import { installer, installerName, volume, volumeName, wrappedAnnotation } from './pod-parts.ts';
import { parseRecord, recordText, type WrapRecord } from './record.ts';

/** The images whose start is not known from the manifest, of the containers that may need it. */
export function imagesToRead(workloads: readonly Workload[], { way }: Pick<WrapOptions, 'way'>): Set<string> {
  const needed = workloads.filter((workload) => mayChange(workload) && refusal(workload) === undefined);
  return new Set(
    needed.flatMap(({ template }) =>
      template.containers
        .filter(
          ({ name, data, launcher, image }) =>
            image !== '' &&
            !isOtherProxy(name) &&
            launcher?.tool !== 'mesh-shim' &&
            (way === 'layer' || !setsCommand(data)),
        )
        .map(({ image }) => image),
    ),
  );
}

/** What Istio leaves alone another mesh may have its own tool for. */
function mayChange(workload: Workload): boolean {
  return judge(workload).needsWait || workload.injection.because === 'other-mesh';
}

/** What is done to a workload, and what is not, and why. */
export function planWorkload(
  workload: Workload,
  world: string | undefined,
  images: KnownImages,
  options: WrapOptions,
): WorkloadPlan {
  const { object, template } = workload;
  const base = { object, world, containers: [], notes: [], operations: [] };
  const { needsWait, ends, why } = judge(workload);
  if (!mayChange(workload)) return { ...base, outcome: 'kept', why, notes: idleNotes(workload) };
  if (template.containers.length === 0) return { ...base, outcome: 'kept', why: 'it has no containers' };
  const refused = refusal(workload);
  if (refused !== undefined) return { ...base, outcome: needsWait ? 'left' : 'kept', why: refused };
  const isAlone = template.containers.filter(({ name }) => !isOtherProxy(name)).length === 1;
  const containers = template.containers.map((container) => {
    const quits = needsWait && ends && (isAlone || options.quitAfter.includes(container.name));
    return planContainer(container, { options, image: images.get(container.image), needsWait, quits });
  });
  const changed = containers.filter(({ operations }) => operations.length > 0);
  const notes = [
    ...(needsWait && ends && !isAlone && options.quitAfter.length === 0
      ? [
          'which of its containers ends last is not known, so that none tells the sidecar to quit: name it with --quit-after',
        ]
      : []),
    ...initNotes(workload, needsWait),
    ...(list(template.spec.ephemeralContainers).length > 0 ? ['ephemeral containers are left alone'] : []),
  ];
  const updates = imageUpdates(workload, options);
  if (changed.length === 0) {
    if (updates.length > 0) {
      return {
        ...base,
        outcome: 'wrapped',
        why: `mesh-shim's image becomes ${options.image}`,
        notes,
        operations: updates,
      };
    }
    if (!needsWait) return { ...base, outcome: 'kept', why };
    return { ...base, outcome: worst(containers), why: undefined, containers, notes };
  }
  const pod = podOperations(workload, changed, options);
  if (typeof pod === 'string') return { ...base, outcome: 'left', why: pod };
  const own = changed.flatMap(({ operations }) => operations);
  return {
    ...base,
    outcome: worst(containers),
    why: undefined,
    containers,
    notes: [...notes, ...knativeNotes(workload, options.way)],
    operations: [...own, ...updates, ...pod],
  };
}

/** Where `wrap` has put in another image of mesh-shim, as an older version is one. */
function imageUpdates({ template, object }: Workload, { way, image }: WrapOptions): Operation[] {
  if (way === 'layer' || template.annotations[wrappedAnnotation] === undefined) return [];
  const { initPath, volumesPath } = template;
  const named = (path: Path, name: string, field: Path): Operation[] =>
    list(valueAt(object.data, path)).flatMap((one, index): Operation[] => {
      const own = [...path, index, ...field];
      const before = dict(one).name === name ? valueAt(object.data, own) : undefined;
      return typeof before === 'string' && before !== image ? [{ op: 'set', path: own, value: image }] : [];
    });
  return [
    ...(initPath === undefined ? [] : named(initPath, installerName, ['image'])),
    ...named(volumesPath, volumeName, ['image', 'reference']),
  ];
}

/** A tool that has nothing left to do. */
function idleNotes({ injection, template }: Workload): string[] {
  if (injection.injected !== true || injection.mode === 'grpc') return [];
  const tools = new Set(template.containers.flatMap(({ launcher }) => (launcher?.waits ? [launcher.tool] : [])));
  return [...tools].map((tool) => `${tool === 'script' ? 'the wait in its script' : tool} is not needed any more`);
}

interface Judgement {
  readonly needsWait: boolean;
  /** Whether the pod ends by itself, and the sidecar would keep it. */
  readonly ends: boolean;
  /** Why it needs nothing. */
  readonly why: string | undefined;
}

function judge({ injection, life, template, object }: Workload): Judgement {
  const policy = template.spec.restartPolicy;
  const ends = life === 'ends' || (object.kind === 'Pod' && (policy === 'Never' || policy === 'OnFailure'));
  const no = (why: string): Judgement => ({ needsWait: false, ends, why });
  if (injection.injected === 'error') return no(`the injector refuses its pods: ${injection.message}`);
  if (!injection.injected) return no(membershipReasons[injection.because].text);
  switch (injection.mode) {
    case 'native':
      return no('a native sidecar starts before it');
    case 'grpc':
      return no('its traffic does not pass through a sidecar');
    case 'hold':
      return ends ? { needsWait: true, ends, why: undefined } : no('holdApplicationUntilProxyStarts holds it back');
    default:
      return { needsWait: true, ends, why: undefined };
  }
}

/** Why no pod of this kind can be wrapped. */
function refusal({ operatorStarts, template }: Workload): string | undefined {
  const names = template.containers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `two of its containers are called ${twice}: Kubernetes refuses it`;
  if (operatorStarts) return 'its operator decides how the containers start';
  const isWindows =
    dict(template.spec.os).name === 'windows' || texts(template.spec.nodeSelector)['kubernetes.io/os'] === 'windows';
  return isWindows ? 'it runs on Windows: mesh-shim runs on Linux' : undefined;
}

const order: readonly Outcome[] = ['left', 'migrated', 'wrapped', 'done', 'kept'];

function worst(containers: readonly ContainerPlan[]): Outcome {
  return order.find((outcome) => containers.some((one) => one.outcome === outcome)) ?? 'kept';
}

function initNotes({ template }: Workload, needsWait: boolean): string[] {
  if (!needsWait) return [];
  const named = (found: readonly Container[]) => found.map(({ name }) => name).join(', ');
  const own = template.initContainers.filter(
    ({ name }) => !/^istio-(?:init|validation)$/.test(name) && name !== installerName,
  );
  const sidecars = own.filter(({ sidecar }) => sidecar);
  const callers = own.filter(({ sidecar, calls }) => !sidecar && calls.level !== 'none');
  return [
    ...(sidecars.length === 0
      ? []
      : [`left alone, since they start before the sidecar and would wait for ever: ${named(sidecars)}`]),
    ...(callers.length === 0
      ? []
      : [`init containers run before the sidecar, so that nothing there can wait for it: ${named(callers)}`]),
  ];
}

/** The files, and the annotation that says what was changed; a text where the pod cannot have them. */
function podOperations(
  { template, object }: Workload,
  changed: readonly ContainerPlan[],
  { way, image, anyUser }: WrapOptions,
): Operation[] | string {
  const operations: Operation[] = [];
  const { data } = object;
  const needsFiles = changed.some(({ operations: own }) => own.some(({ path }) => path.includes('volumeMounts')));
  if (needsFiles) {
    const { volumesPath, initPath } = template;
    const volumes = valueAt(data, volumesPath);
    const wanted = volume(way, image);
    const found = list(volumes)
      .map(dict)
      .find(({ name }) => name === volumeName);
    const kind = way === 'init' ? 'emptyDir' : 'image';
    if (found !== undefined && found[kind] === undefined) return `it has a volume ${volumeName} of another kind`;
    if (found === undefined) operations.push(append(volumesPath, volumes, wanted, 'end'));
    if (way === 'init') {
      if (initPath === undefined) return 'its kind has no init containers: use --way volume';
      const inits = valueAt(data, initPath);
      const isThere = list(inits).some((one) => dict(one).name === installerName);
      if (!isThere) operations.push(append(initPath, inits, installer(image, { anyUser }), 'start'));
    }
  }
  const annotations = [...template.path, 'metadata', 'annotations', wrappedAnnotation];
  const before = valueAt(data, annotations);
  const known = typeof before === 'string' ? parseRecord(before) : {};
  if (known === undefined) return `its annotation ${wrappedAnnotation} is not one that wrap has written`;
  const record: WrapRecord = Object.fromEntries([
    ...Object.entries(known),
    ...changed.map(({ name, record: own }) => [name, { ...known[name], ...own }] as const),
  ]);
  const value = recordText(record);
  operations.push({ op: 'set', path: annotations, value });
  return operations;
}

function append(path: Operation['path'], existing: unknown, item: unknown, where: 'start' | 'end'): Operation {
  if (existing === undefined || existing === null) return { op: 'set', path, value: [item] };
  return { op: 'splice', path, index: where === 'start' ? 0 : list(existing).length, count: 0, items: [item] };
}
