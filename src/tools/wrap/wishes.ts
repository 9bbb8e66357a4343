import type { Workload } from '../../check/model/cluster.ts';
import { ImageError } from '../../images/image-error.ts';
import { parseRegistryReference } from '../../images/reference.ts';
import { preloads, type WrapOptions } from '../../wrap/plan.ts';
import { ways } from '../../wrap/pod-parts.ts';
import { badValue, oneOf } from '../options.ts';
import { listOf } from '../registry-options.ts';
import { type GivenOptions, ToolError } from '../tool.ts';

/** What is to be written. @throws ToolError */
export function readWishes(values: GivenOptions['values']): Omit<WrapOptions, 'anyUser'> {
  const way = oneOf('way', values.get('way') ?? 'init', ways, { where: '--way' });
  const preload = oneOf('choice', values.get('preload') ?? 'never', preloads, { where: '--preload' });
  const image = values.get('image') ?? '';
  const quitAfter = listOf(values, 'quit-after') ?? [];
  const needsImage = way !== 'layer' && !values.has('undo') && !values.has('list-images');
  if (needsImage && image === '') {
    throw new ToolError(
      `--way ${way} needs the image of mesh-shim: --image IMAGE (docs/into-pods.md says how it is made)`,
    );
  }
  if (image !== '' && !isReference(image)) throw badValue('--image', image, 'the name of an image');
  if (way === 'layer' && preload !== 'never') {
    throw new ToolError('--preload needs the files of mesh-shim in the pod: use --way init or --way volume with it');
  }
  return { way, preload, image, quitAfter };
}

function isReference(text: string): boolean {
  try {
    parseRegistryReference(text);
    return true;
  } catch (error) {
    if (error instanceof ImageError) return false;
    throw error;
  }
}

/** @throws ToolError for options that do not go together */
export function refuseContradictions(values: GivenOptions['values'], paths: readonly string[]): void {
  if (values.has('write') && paths.includes('-')) {
    throw new ToolError('--write changes files, got - (standard input); print the result with --format yaml');
  }
  if (values.has('write') && values.has('render')) {
    throw new ToolError(
      '--write changes files, and --render reads what is made of them; use --kustomize with --render',
    );
  }
  if (values.has('write') && values.has('kustomize')) {
    throw new ToolError('--write changes the files, and --kustomize leaves them as they are; use one of the two');
  }
  if (values.has('undo') && values.has('kustomize')) {
    throw new ToolError('--undo changes files; what --kustomize has written goes with its folder');
  }
}

/** @throws ToolError for a container of --quit-after that there is not */
export function knownContainers(names: readonly string[], workloads: readonly Workload[]): void {
  const there = new Set(workloads.flatMap(({ template }) => template.containers.map(({ name }) => name)));
  const unknown = names.find((name) => !there.has(name));
  if (unknown !== undefined) {
    throw new ToolError(`--quit-after: no workload has a container ${JSON.stringify(unknown)}`);
  }
}
