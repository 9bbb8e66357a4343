import { wrap } from '../../../text/wrap.ts';

/** A text in lines of this width, each behind so many spaces; `hang`: how many more stand before all but the first. */
export function indented(text: string, spaces: number, width: number, hang = 0): string[] {
  return wrap(text, Math.max(width - spaces - hang, 20)).map(
    (line, index) => ' '.repeat(index === 0 ? spaces : spaces + hang) + line,
  );
}
