import type { ByteString } from '../src/mesh/ask/transport.ts';

/** What the kernel makes of a file by its first bytes. */
export type ProgramFile =
  /** The interpreter exactly as the kernel cuts it, a carriage return included. */
  | { readonly kind: 'script'; readonly interpreter: string }
  | {
      readonly kind: 'elf';
      /** e_machine (elf(5)). */
      readonly machine: number;
      /** The loader that it names; undefined: a static one, or the name lies further behind. */
      readonly loader: string | undefined;
      /** How long the file must be at least, in bytes. */
      readonly leastSize: number;
      /** Whether its head is as the kernel wants it (Linux, fs/binfmt_elf.c). */
      readonly sound: boolean;
    }
  /** No `#!` line: execvp(3) hands it to /bin/sh. */
  | { readonly kind: 'text' }
  | { readonly kind: 'other' };
const scriptLineBytes = 256;

export function readProgramFile(head: ByteString): ProgramFile {
  if (head.startsWith('#!')) return { kind: 'script', interpreter: interpreterOf(head.slice(2, scriptLineBytes)) };
  if (head.startsWith('\x7fELF')) return readElf(head);
  return head === '' || head.includes('\0') ? { kind: 'other' } : { kind: 'text' };
}

/** Blanks and tabs before it; it ends at a blank, a tab, a NUL or the line's end (Linux, fs/binfmt_script.c). */
function interpreterOf(line: ByteString): string {
  let start = 0;
  while (line[start] === ' ' || line[start] === '\t') start++;
  let end = start;
  while (end < line.length && !' \t\n\0'.includes(line[end] as string)) end++;
  return line.slice(start, end);
}

/** Where the program headers stand in a file of 32 and of 64 bits, and where in one of them its offset and its size. */
const layouts = {
  1: { headersAt: 28, size: 42, count: 44, offset: 4, fileSize: 16, headerSize: 32, wide: false },
  2: { headersAt: 32, size: 54, count: 56, offset: 8, fileSize: 32, headerSize: 56, wide: true },
} as const;
const loaderSegment = 3;
/** e_type of what can be executed: at a fixed place, or anywhere. */
const executableTypes = [2, 3];
/** The path of a loader, its NUL included (PATH_MAX). */
const longestLoader = 4_096;

function readElf(head: ByteString): ProgramFile {
  const layout = layouts[head.charCodeAt(4) as 1 | 2];
  const isLittle = head.charCodeAt(5) === 1;
  if (!layout || head.length < 64) return { kind: 'elf', machine: 0, loader: undefined, leastSize: 64, sound: false };
  const number = (at: number, bytes: number): number => {
    let value = 0;
    for (let i = 0; i < bytes; i++) value = value * 256 + head.charCodeAt(isLittle ? at + bytes - 1 - i : at + i);
    return value;
  };
  const address = (at: number): number => number(at, layout.wide ? 8 : 4);
  const headersAt = address(layout.headersAt);
  const size = number(layout.size, 2);
  const count = number(layout.count, 2);
  let loader: string | undefined;
  let sound = executableTypes.includes(number(16, 2)) && size === layout.headerSize && count > 0;
  let leastSize = headersAt + size * count;
  for (let i = 0; i < count && headersAt + (i + 1) * size <= head.length; i++) {
    const header = headersAt + i * size;
    const from = address(header + layout.offset);
    const length = address(header + layout.fileSize);
    leastSize = Math.max(leastSize, from + length);
    if (number(header, 4) !== loaderSegment) continue;
    if (length < 2 || length > longestLoader) sound = false;
    else if (from + length <= head.length) {
      const text = head.slice(from, from + length);
      if (!text.endsWith('\0')) sound = false;
      loader = text.slice(0, text.indexOf('\0'));
    }
  }
  return { kind: 'elf', machine: number(18, 2), loader, leastSize, sound };
}
