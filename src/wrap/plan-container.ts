import { isOtherProxy } from '../check/model/other-meshes.ts';
import type { Container } from '../check/model/pod.ts';
import { readLauncher } from '../check/model/read-launcher.ts';
import { startCommands } from '../check/model/start-commands.ts';
import { type Dict, dict, list } from '../check/read/values.ts';
import { startupProbeFor } from '../check/rules/shared/startup-probe.ts';
import { addEnv, addProbe, mountOperations } from './container-operations.ts';
import { platformRefused, unusableFields } from './container-refusals.ts';
import { containerStart, setsCommand } from './container-start.ts';
import { recogniseMigration } from './migrate/recognise.ts';
import { withStart } from './new-start.ts';
import { nodeOptionsChange } from './node-options.ts';
import type { ContainerPlan, KnownImage, WrapOptions } from './plan.ts';
import { layerPath, shimPath } from './pod-parts.ts';

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
    const why =
      image !== undefined && 'unreadable' in image
        ? image.unreadable
        : 'neither its manifest nor an image says what it starts';
    return { ...plan('left', why), image: container.image };
  }
  const start = containerStart(data, known);
  const words = [...start.command, ...start.args];
  if (words.length === 0) return plan('left', 'neither its manifest nor its image says what to start');
  if (fileName(words[0]) === 'mesh-shim') return inImage(container, words, quits, plan);
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
  const { launcher, data } = container;
  if (launcher?.refused !== undefined) return plan('left', `mesh-shim refuses its command: ${launcher.refused}`);
  return completed(container, data, { quits, by: 'it starts behind mesh-shim' }, plan);
}

/** Its image starts mesh-shim. */
function inImage(container: Container, command: readonly string[], quits: boolean, plan: Plan): ContainerPlan {
  const by = 'its image starts behind mesh-shim';
  return completed(container, { command }, { quits, by }, plan);
}

/** What is missing where mesh-shim is there already. */
function completed(
  container: Container,
  start: Dict,
  { quits, by }: { readonly quits: boolean; readonly by: string },
  plan: Plan,
): ContainerPlan {
  const { data, path, env } = container;
  const launcherWith = (variables: Container['env']) => readLauncher(startCommands(start, variables), variables);
  const launcher = launcherWith(env);
  const lacksQuit = quits && !launcher?.quits;
  const quit = { name: 'MESH_SHIM_QUIT', value: 'always' };
  if (lacksQuit) {
    const withQuit = launcherWith(new Map([...env, [quit.name, quit.value]]));
    const isSet = list(data.env).some((entry) => dict(entry).name === quit.name);
    if (isSet || !withQuit?.quits)
      return plan('left', `${by}, which does not tell the sidecar to quit: add --quit always`);
  }
  const startupProbe = launcher?.waits ? startupProbeFor(data) : undefined;
  const added = [...(lacksQuit ? [`${quit.name} added`] : []), ...(startupProbe ? ['startupProbe added'] : [])];
  if (added.length === 0) return plan('done', by);
  return {
    ...plan('wrapped', `${by}: ${added.join(', ')}`),
    operations: [
      ...(lacksQuit ? [addEnv(container, quit)] : []),
      ...(startupProbe ? [addProbe(path, startupProbe)] : []),
    ],
    record: { ...(lacksQuit && { quit: null }), ...(startupProbe && { startupProbe: null }) },
  };
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
