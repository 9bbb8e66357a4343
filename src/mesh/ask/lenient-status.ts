import type { ByteString } from './transport.ts';

/**
 * The status of a reply whose lines may end with a bare LF, which a recipient may take for a line's end (RFC 9112, section 2.2), and whose
 * headers may say what they want: shells, netcat and awk make such servers. Undefined where no status is to be seen, or where it may
 * still come in order: behind an interim reply, and as long as the head is not at its end in either way.
 *
 * @param isWhole whether all that will ever count has come
 */
export function lenientStatus(start: ByteString, isWhole: boolean): number | undefined {
  for (let rest = start; ; ) {
    const lineEnd = rest.indexOf('\n');
    const line = lineEnd < 0 ? rest : rest.slice(0, lineEnd);
    const status = statusOf(line.endsWith('\r') ? line.slice(0, -1) : line);
    const headEnd = endOfHead(rest);
    if (status === undefined || (headEnd < 0 && !(isWhole && lineEnd >= 0))) return undefined;
    if (status >= 200) return headEnd >= 0 && rest.startsWith('\r\n\r\n', headEnd - 4) && !isWhole ? undefined : status;
    if (headEnd < 0) return undefined;
    rest = rest.slice(headEnd);
  }
}

/** Where the first empty line ends, whichever line ends stand before and at it. */
function endOfHead(text: ByteString): number {
  const ends = ['\n\n', '\n\r\n'].map((empty) => {
    const at = text.indexOf(empty);
    return at < 0 ? Number.POSITIVE_INFINITY : at + empty.length;
  });
  const first = Math.min(...ends);
  return first === Number.POSITIVE_INFINITY ? -1 : first;
}

/** `HTTP/1.1 200 OK`, and nothing before it. */
function statusOf(line: ByteString): number | undefined {
  const [protocol = '', code = ''] = line.split(' ');
  const status = Number(code);
  const isStatus = code.length === 3 && Number.isInteger(status) && status >= 100;
  return protocol.startsWith('HTTP/1.') && isStatus ? status : undefined;
}
