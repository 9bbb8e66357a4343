import { resolve } from 'node:path';
import type { ImageConfig } from '../../images/image-config.ts';
import type { KnownImage } from '../../wrap/plan.ts';
import { badValue } from '../options.ts';
import { type GivenOptions, ToolError, type ToolIo } from '../tool.ts';

/**
 * What these images run: from the file of --images, the others from their registries. One that cannot be read has the reason in its
 * place.
 *
 * @throws ToolError for a file that cannot be read, or a wrong option
 */
export async function readKnownImages(
  needed: ReadonlySet<string>,
  values: GivenOptions['values'],
  io: ToolIo,
): Promise<ReadonlyMap<string, KnownImage>> {
  const { readImagesFile, readImageConfigs, parseReference, ImageError } = await import('../../images/index.ts');
  const file = values.get('images');
  const mirrors = mirrorsOf(values.get('mirror'));
  let told: ReadonlyMap<string, ImageConfig | undefined> = new Map();
  try {
    if (file !== undefined) told = readImagesFile(resolve(io.cwd, file));
  } catch (error) {
    throw error instanceof ImageError ? new ToolError(error.message, { cause: error }) : error;
  }
  const known = new Map<string, KnownImage>();
  const open: string[] = [];
  for (const reference of needed) {
    const config = told.get(reference);
    if (config !== undefined) known.set(reference, config);
    else if (values.has('offline')) known.set(reference, { unreadable: notListed(reference, file) });
    else if (isOfRegistry(reference)) open.push(reference);
    else known.set(reference, { unreadable: `${reference} is not the name of an image` });
  }
  const read = await readImageConfigs(open, {
    env: io.env,
    mirrors,
    plainHttp: values.get('plain-http')?.split(','),
    progress: progressOn(io),
  });
  for (const [reference, found] of read) {
    known.set(reference, found instanceof ImageError ? { unreadable: found.message } : found);
  }
  return known;

  /** A manifest is somebody's text: it may name no files of this machine. */
  function isOfRegistry(reference: string): boolean {
    try {
      return parseReference(reference).kind === 'registry';
    } catch {
      return false;
    }
  }
}

function notListed(reference: string, file: string | undefined): string {
  return file === undefined
    ? `what ${reference} runs is not known (--offline)`
    : `${file} does not say what ${reference} runs`;
}

function mirrorsOf(text: string | undefined): ReadonlyMap<string, readonly string[]> {
  const mirrors = new Map<string, readonly string[]>();
  for (const pair of text?.split(',') ?? []) {
    const [, host, url] = /^([^=]+)=(https?:\/\/.+)$/.exec(pair) ?? [];
    if (host === undefined || url === undefined)
      throw badValue('--mirror', pair, 'HOST=URL, such as docker.io=https://mirror.example.com');
    mirrors.set(host, [...(mirrors.get(host) ?? []), url]);
  }
  return mirrors;
}

/** On a terminal one line that is written over. */
function progressOn({ isTerminal, stderr }: ToolIo): ((done: number, total: number) => void) | undefined {
  if (!isTerminal) return undefined;
  return (done, total) => {
    stderr.write(`\rreading images: ${done} of ${total}${done === total ? '\n' : ''}`);
  };
}
