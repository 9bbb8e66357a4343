import { isOtherProxy } from '../check/model/other-meshes.ts';
import type { Container } from '../check/model/pod.ts';
import { readLauncher } from '../check/model/read-launcher.ts';
import { startCommands } from '../check/model/start-commands.ts';
import { startupProbeFor } from '../check/rules/shared/startup-probe.ts';
import { addEnv, addProbe, mountOperations } from './container-operations.ts';
import { platformRefused, unusableFields } from './container-refusals.ts';
import { containerStart, setsCommand } from './container-start.ts';
import type { Operation } from './edit/operation.ts';
import { recogniseMigration } from './migrate/recognise.ts';
import { withStart } from './new-start.ts';
import { nodeOptionsChange } from './node-options.ts';
import type { ContainerPlan, KnownImage, WrapOptions } from './plan.ts';
import { layerPath, shimPath } from './pod-parts.ts';
import type { ContainerRecord } from './record.ts';

/** What of the pod decides about a container. */
export interface ContainerContext {
  readonly options: WrapOptions;
  readonly image: KnownImage | undefined;
  /** Whether the app needs to be held back; else only another tool is replaced. */
  readonly needsWait: boolean;
  /** Whether the sidecar must be told when this container has ended. */
  readonly quits: boolean;
}

export function planContainer(container: Container, context: ContainerContext): ContainerPlan {
  const { name, data, launcher } = container;
  const { image, needsWait, quits, options } = context;
  const plan = (outcome: ContainerPlan['outcome'], why: string): ContainerPlan => ({
    ...{ name, outcome, why },
    ...{ notes: [], operations: [] },
  });
  if (isOtherProxy(name)) return plan('kept', 'it is a proxy itself');
  if (launcher?.tool === 'mesh-shim') return launched(container, context, plan);
  const known = image !== undefined && !('unreadable' in image) ? image : undefined;
  if (known !== undefined) {
    const refused = platformRefused(known);
    if (refused !== undefined) return plan(needsWait ? 'left' : 'kept', refused);
  }
  const unusable = unusableFields(container);
  if (unusable !== undefined) return plan(needsWait ? 'left' : 'kept', unusable);
  if (!setsCommand(data) && known === undefined) {
    if (!needsWait) return plan('kept', 'its image was not read');
    if (options.preload === 'unknown' && !quits) return preloaded(container, context);
    return plan(
      'left',
      image !== undefined && 'unreadable' in image ? image.unreadable : 'what its image starts is not known',
    );
  }
  const start = containerStart(data, known);
  const words = [...start.command, ...start.args];
  if (words.length === 0) return plan('left', 'neither its manifest nor its image says what to start');
  if (fileName(words[0]) === 'mesh-shim') return inImage(container, words, context, plan);
  // The layer has the executable where the image's own entrypoint starts it.
  const layered = known?.entrypoint?.find((word, index) => index === 0 && fileName(word) === 'mesh-shim');
  const shim = options.way === 'layer' ? (layered ?? layerPath) : shimPath;
  const env = new Map([...Object.entries(known?.env ?? {}), ...container.env]);
  const migration = recogniseMigration(words, { shim, env, quits });
  if (migration !== undefined && 'told' in migration) {
    const isEnough = !needsWait || (launcher?.waits && (!quits || launcher.quits));
    return plan(isEnough ? 'kept' : 'left', `${migration.tool}: ${migration.told}`);
  }
  if (migration === undefined && !needsWait) return plan('kept', '');
  if (migration === undefined && launcher?.waits) {
    const isEnough = !quits || launcher.quits;
    return plan(
      isEnough ? 'kept' : 'left',
      `${launcher.tool} waits for the sidecar${isEnough ? '' : ', and does not tell it to quit'}`,
    );
  }
  if (options.way === 'layer' && layered === undefined) {
    return plan('left', 'its image has no mesh-shim in front of its entrypoint: mesh-shim image adds it');
  }
  const isNode = fileName(words[0]) === 'node';
  if (migration === undefined && options.preload === 'node' && isNode && !quits) return preloaded(container, context);
  const head = migration?.head ?? [shim, ...(quits ? ['--quit', 'always'] : []), '--'];
  const rest = migration?.rest ?? 0;
  return withStart(container, start, { head, rest }, context, migration);
}

type Plan = (outcome: ContainerPlan['outcome'], why: string) => ContainerPlan;

/** It starts behind mesh-shim. */
function launched(container: Container, { quits }: ContainerContext, plan: Plan): ContainerPlan {
  const { launcher, data, path } = container;
  if (launcher?.refused !== undefined) return plan('left', `mesh-shim refuses its command: ${launcher.refused}`);
  const startupProbe = launcher?.waits ? startupProbeFor(data) : undefined;
  if (quits && !launcher?.quits)
    return plan('left', 'it starts behind mesh-shim, which does not tell the sidecar to quit: add --quit always');
  if (startupProbe === undefined) return plan('done', 'it starts behind mesh-shim');
  return {
    ...plan('wrapped', 'startupProbe added'),
    operations: [addProbe(path, startupProbe)],
    record: { startupProbe: null },
  };
}

/** Its image starts mesh-shim. */
function inImage(
  container: Container,
  words: readonly string[],
  { quits }: ContainerContext,
  plan: Plan,
): ContainerPlan {
  const { data, path, env } = container;
  const launcher = readLauncher(startCommands({ command: words }, env), env);
  const operations: Operation[] = [];
  let record: ContainerRecord = {};
  if (quits && !launcher?.quits) {
    operations.push(addEnv(container, { name: 'MESH_SHIM_QUIT', value: 'always' }));
    record = { ...record, quit: null };
  }
  const startupProbe = startupProbeFor(data);
  if (startupProbe !== undefined) {
    operations.push(addProbe(path, startupProbe));
    record = { ...record, startupProbe: null };
  }
  if (operations.length === 0) return plan('done', 'its image starts behind mesh-shim');
  return { ...plan('wrapped', 'its image starts behind mesh-shim'), operations, record };
}

function preloaded(container: Container, { image }: ContainerContext): ContainerPlan {
  const { name, data, path } = container;
  const ofImage = image === undefined || 'unreadable' in image ? undefined : image.env.NODE_OPTIONS;
  const { operation, before } = nodeOptionsChange(container, ofImage);
  const startupProbe = startupProbeFor(data);
  return {
    name,
    outcome: 'wrapped',
    why: 'by the preload in NODE_OPTIONS, if it runs Node 20 or later',
    notes: [],
    operations: [operation, ...mountOperations(container), ...(startupProbe ? [addProbe(path, startupProbe)] : [])],
    record: { nodeOptions: before, ...(startupProbe && { startupProbe: null }) },
  };
}

function fileName(path = ''): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
