import { contentOf, type Descriptor } from '../content.ts';
import type { ImageSource } from '../image-source.ts';
import type { Arrival, ImageTarget } from '../image-target.ts';
import { gzipLayerType, isForeignLayer } from '../media-types.ts';
import type { WrapPlan } from './plan-wrap.ts';

/** How many blobs came how, and their bytes. */
export type Arrivals = Readonly<Record<Arrival, { readonly blobs: number; readonly bytes: number }>>;

export interface Written {
  /** The target had it already. */
  readonly unchanged: boolean;
  readonly arrivals: Arrivals;
}

/**
 * Writes all that a plan names, what has the name last.
 *
 * @throws ImageError; then the target's name is what it was before
 */
export async function writePlan(
  plan: WrapPlan,
  source: ImageSource,
  target: ImageTarget,
  progress: (done: number, total: number) => void = () => {},
): Promise<Written> {
  const arrivals = { there: nothing(), mounted: nothing(), copied: nothing() };
  if ((await target.current()) === plan.root.digest) return { unchanged: true, arrivals };
  const blobs = blobsOf(plan);
  const waiting = [...blobs];
  let done = 0;
  progress(done, blobs.length);
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const arrived = arrivals[await target.copy(next, source)];
      arrived.blobs++;
      arrived.bytes += next.size;
      progress(++done, blobs.length);
    }
  };
  await allOrFirstFailure(Array.from({ length: target.parallel }, work), () => waiting.splice(0));
  for (const { image } of plan.images) {
    if (image.layer !== undefined) {
      await target.write(contentOf(gzipLayerType(image.manifest.mediaType), image.layer.bytes));
    }
    await target.write(image.config);
    if (plan.isIndex) await target.writeManifest(image.manifest);
  }
  await target.finish(plan.root);
  return { unchanged: false, arrivals };
}

const nothing = () => ({ blobs: 0, bytes: 0 });

/** The layers of all images, each once. */
function blobsOf({ images }: WrapPlan): Descriptor[] {
  const layers = images.flatMap(({ image }) => image.kept).filter(({ mediaType }) => !isForeignLayer(mediaType));
  return [...new Map(layers.map((layer) => [layer.digest, layer])).values()];
}

/** After a failure nothing more is begun, and what has begun is waited for: nobody writes behind the caller's back. */
async function allOrFirstFailure(tasks: readonly Promise<void>[], stop: () => void): Promise<void> {
  for (const task of tasks) task.catch(stop);
  const failed = (await Promise.allSettled(tasks)).find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
