import type { Writable } from 'node:stream';

/** One line that changes, where standard error is a terminal; elsewhere nothing. */
export interface ProgressLine {
  show(text: string): void;
  /** Takes it away again. */
  end(): void;
}

export function progressLine(stderr: Writable): ProgressLine {
  const isTerminal = (stderr as Writable & { readonly isTTY?: boolean }).isTTY === true;
  const write = (text: string) => {
    // To the first column, and what stands there is erased (ECMA-48).
    if (isTerminal) stderr.write(`\r\x1b[K${text}`);
  };
  return { show: write, end: () => write('') };
}
