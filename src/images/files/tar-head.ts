const blockSize = 512;

/** The head of a regular file in a tar archive (POSIX ustar): root's, from 1970, so that the same file is the same bytes. */
export function tarHead(name: string, size: number, mode: number): Buffer {
  const head = Buffer.alloc(blockSize);
  head.write(name, 0, 100, 'utf8');
  head.write(octal(mode, 8), 100);
  head.write(octal(0, 8), 108);
  head.write(octal(0, 8), 116);
  writeSize(head, size);
  head.write(octal(0, 12), 136);
  head.write(' '.repeat(8), 148);
  head.write('0', 156);
  head.write('ustar\0' + '00', 257, 'latin1');
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return head;
}

/** What fills the last block of a file. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((blockSize - (size % blockSize)) % blockSize);
}

/** Two empty blocks. */
export const tarEnd = Buffer.alloc(2 * blockSize);

/** Eleven octal digits hold 8 GiB; above that stands GNU's form, a number of eight bytes behind a mark. */
function writeSize(head: Buffer, size: number): void {
  if (size < 8 ** 11) head.write(octal(size, 12), 124);
  else {
    head[124] = 0x80;
    head.writeBigUInt64BE(BigInt(size), 128);
  }
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`;
}
