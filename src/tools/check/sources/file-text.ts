import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { looksLikeManifest, noFile, noText } from '../../../check/read/left-out.ts';
import { systemReason } from '../../attempt.ts';

export type ReadText = { readonly text: string } | { readonly message: string } | { readonly reason: string };

/** The text of a file. A pipe is read where the user named it: in a folder nobody may ever write into it. */
export function readText(path: string, named: boolean): ReadText {
  try {
    const kind = statSync(path);
    if (!kind.isFile() && !named) return { reason: noFile };
    return asText(readFileSync(path));
  } catch (error) {
    return { message: reasonOf(error) };
  }
}

function asText(bytes: Buffer): ReadText {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isWide) return { message: 'it is UTF-16; save it as UTF-8' };
  if (bytes.includes(0)) return { reason: noText };
  const text = bytes.toString('utf8');
  if (isUtf8(bytes)) return { text };
  return looksLikeManifest(text) ? { message: 'it is not UTF-8; save it so' } : { reason: noText };
}

/** What a system call says, or any other error, on one line. */
export function reasonOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return systemReason(error) ?? line.replace(/:$/, '');
}
