import type { PlaygroundFile } from './protocol.ts';

/** What a link to the playground holds, in the URL's fragment: no server ever sees it. */
export interface SharedState {
  readonly files: readonly PlaygroundFile[];
  readonly log: string;
}

/** Compressed, in the letters that a URL takes as they are. */
export async function toFragment(state: SharedState): Promise<string> {
  const bytes = await through(new TextEncoder().encode(JSON.stringify(state)), new CompressionStream('deflate-raw'));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Undefined where the fragment is none of these, or has been cut. */
export async function fromFragment(fragment: string): Promise<SharedState | undefined> {
  try {
    const text = atob(fragment.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const state: unknown = JSON.parse(
      new TextDecoder().decode(await through(bytes, new DecompressionStream('deflate-raw'))),
    );
    return isState(state) ? state : undefined;
  } catch {
    return undefined;
  }
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

function isState(value: unknown): value is SharedState {
  const { files, log } = (value ?? {}) as Partial<SharedState>;
  const isFile = (file: Partial<PlaygroundFile> | null) =>
    typeof file?.name === 'string' && typeof file.text === 'string';
  return typeof log === 'string' && Array.isArray(files) && files.length > 0 && files.every(isFile);
}
