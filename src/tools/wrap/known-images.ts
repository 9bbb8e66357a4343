import { resolve } from 'node:path';
import { plural } from '../../text/plural.ts';
import type { KnownImage } from '../../wrap/plan.ts';
import { badValue } from '../options.ts';
import { progressLine } from '../progress-line.ts';
import { listOf, readRegistryOptions } from '../registry-options.ts';
import { type GivenOptions, ToolError, type ToolIo, toolExitCodes } from '../tool.ts';

type Images = typeof import('../../images/index.ts');

/**
 * What these images run: from the file of --images, the others from where --image-source says that they are, else from their
 * registries. One that cannot be read has the reason in its place.
 *
 * @throws ToolError for a file that cannot be read, or a wrong option
 */
export async function readKnownImages(
  needed: ReadonlySet<string>,
  values: GivenOptions['values'],
  io: ToolIo,
): Promise<ReadonlyMap<string, KnownImage>> {
  const access = readRegistryOptions(values);
  const sources = sourcesOf(listOf(values, 'image-source') ?? []);
  const file = values.get('images');
  // The HTTP client comes with it.
  const images = await import('../../images/index.ts');
  const told = file === undefined ? undefined : readFile(images, resolve(io.cwd, file));
  const known = new Map<string, KnownImage>();
  const places = new Map<string, string>();
  for (const reference of needed) {
    const config = told?.get(reference);
    const source = sources.get(reference) ?? reference;
    if (config !== undefined) known.set(reference, config);
    else if (!sources.has(reference) && !isOfRegistry(images, reference)) {
      known.set(reference, { unreadable: 'what stands as its image is not the name of one' });
    } else if (values.has('offline') && isOfRegistry(images, source)) {
      known.set(reference, { unreadable: notListed(file) });
    } else places.set(reference, source);
  }
  const progress = progressLine(io.stderr);
  const read = await images
    .readImageConfigs(places.values(), {
      ...{ env: io.env, ...access },
      progress: (done, total) => progress.show(`${done} of ${total} images read`),
    })
    .finally(() => progress.end());
  for (const [reference, source] of places) {
    const found = read.get(source);
    // Many images of one registry have one reason; which image it is, the container says.
    if (found instanceof images.ImageError) known.set(reference, { unreadable: withoutReference(found) });
    else if (found !== undefined) known.set(reference, found);
  }
  return known;
}

function readFile({ readImagesFile, ImageError }: Images, path: string): ReturnType<Images['readImagesFile']> {
  try {
    return readImagesFile(path);
  } catch (error) {
    throw error instanceof ImageError ? new ToolError(error.message, { cause: error }) : error;
  }
}

/** A manifest is somebody's text: it may name no files of this machine. */
function isOfRegistry({ parseReference, ImageError }: Images, reference: string): boolean {
  try {
    return parseReference(reference).kind === 'registry';
  } catch (error) {
    if (error instanceof ImageError) return false;
    throw error;
  }
}

function withoutReference({ message, reference }: Error & { readonly reference: string }): string {
  if (!message.startsWith(`${reference}: `)) return message;
  const why = message.slice(reference.length + 2);
  return why.startsWith('cannot be read') ? `its image ${why}` : `its image cannot be read: ${why}`;
}

function notListed(file: string | undefined): string {
  return file === undefined
    ? 'what its image starts is not known (--offline)'
    : `what its image starts is not in ${file} (--offline)`;
}

function sourcesOf(pairs: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    pairs.map((pair) => {
      const [, image = '', source = ''] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
      if (source === '')
        throw badValue(
          '--image-source',
          pair,
          'IMAGE=SOURCE, such as registry.example.com/shop/web:1.4=archive:web.tar',
        );
      return [image, source];
    }),
  );
}

/** Prints an images file; what could not be read is to be filled in there. */
export async function listImages(known: ReadonlyMap<string, KnownImage>, io: ToolIo): Promise<number> {
  const { imagesFileText } = await import('../../images/index.ts');
  const found = [...known].map(([name, image]) => [name, 'unreadable' in image ? undefined : image] as const);
  io.stdout.write(imagesFileText(new Map(found)));
  const open = found.filter(([, image]) => image === undefined).length;
  if (open > 0) {
    io.stderr.write(
      `mesh-shim: ${open} of ${plural(found.length, 'image')} ${open === 1 ? 'was not read and is' : 'were not read and are'} null there: fill ${open === 1 ? 'it' : 'them'} in, or ${open === 1 ? 'its' : 'their'} containers are left alone\n`,
    );
  }
  return toolExitCodes.done.code;
}
