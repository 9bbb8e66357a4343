import type { ImageAccess } from '../image-config.ts';
import { Registries, withSource } from '../open-source.ts';
import { openTarget } from '../open-target.ts';
import { RegistrySource } from '../registry/registry-source.ts';
import { planWrap, type WrapOptions, type WrapPlan } from './plan-wrap.ts';
import { findSignatures, type Signed } from './signatures.ts';
import { type Written, writePlan } from './write-plan.ts';

export interface WrapImageOptions extends WrapOptions {
  readonly access: ImageAccess;
  /** Plan only: the target is not even asked. */
  readonly dryRun: boolean;
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

export interface WrapResult {
  readonly plan: WrapPlan;
  /** Undefined: nothing was to be written. */
  readonly written: Written | undefined;
  /** What signs or describes the source, and does not hold for the result. */
  readonly signatures: readonly Signed[];
}

/**
 * Puts the shim into an image, in front of what it starts, and writes it somewhere else or back.
 *
 * @throws ImageError; then the target is what it was before
 */
export async function wrapImage(source: string, target: string, options: WrapImageOptions): Promise<WrapResult> {
  const registries = new Registries(options.access);
  try {
    // What names no target is refused before anything is read.
    openTarget(target, registries);
    return await withSource(source, registries, undefined, async (from) => {
      const plan = await planWrap(from, options);
      const signatures = from instanceof RegistrySource ? await findSignatures(from, changedDigests(plan)) : [];
      if (options.dryRun) return { plan, signatures, written: undefined };
      const into = openTarget(target, registries);
      try {
        return { plan, signatures, written: await writePlan(plan, from, into, options.progress) };
      } finally {
        await into.close();
      }
    });
  } finally {
    await registries.close();
  }
}

/** Of the source, what is not in the result as it was. */
function changedDigests({ source, root, images }: WrapPlan): readonly string[] {
  const pairs = images.map(({ source: before, image }) => [before, image.manifest.digest]);
  const changed = [[source, root.digest], ...pairs].filter(([before, after]) => before !== after);
  return [...new Set(changed.map(([before = '']) => before))];
}
