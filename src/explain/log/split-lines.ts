/** A line that is longer is no line of an access log: what is beyond is dropped, so that memory stays small. */
const longestLine = 1_000_000;

/** Cuts a stream of text into lines; the last one comes by `rest`. */
export function createLineSplitter(take: (line: string) => void): { push(piece: string): void; rest(): void } {
  let kept = '';
  return {
    push(piece) {
      let from = 0;
      for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', from)) {
        const line = piece.slice(from, end);
        take(kept === '' ? line : kept + line);
        kept = '';
        from = end + 1;
      }
      if (kept.length < longestLine) kept += piece.slice(from);
    },
    rest() {
      if (kept !== '') take(kept);
      kept = '';
    },
  };
}
