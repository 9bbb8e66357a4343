import { getSystemErrorMap } from 'node:util';
import { ImageError } from '../image-error.ts';
import { TarError } from './tar-entries.ts';

/** What failed while a file was read or written, for people. */
export function fileFailure(doing: 'read' | 'written', reference: string, cause: unknown): ImageError {
  if (cause instanceof ImageError) return cause;
  if (cause instanceof TarError) return new ImageError('IMAGE_FILE', reference, cause.message, { cause });
  const { errno = 0, message } = cause as NodeJS.ErrnoException;
  const why = getSystemErrorMap().get(errno)?.[1] ?? message;
  return new ImageError('IMAGE_FILE', reference, `cannot be ${doing}: ${why}`, { cause });
}
