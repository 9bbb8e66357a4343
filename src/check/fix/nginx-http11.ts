import type { NginxEdit } from '../model/nginx/http10-passes.ts';

const line = 'proxy_http_version 1.1;';

/**
 * The same nginx configuration with HTTP/1.1 towards its upstreams, which sidecars require. Headers stay as they are: a
 * `proxy_set_header` in a level would end all that it inherits.
 */
export function speakHttp11(text: string, edits: readonly NginxEdit[]): string {
  const fromEnd = edits.toSorted((a, b) => offsetOf(b) - offsetOf(a));
  return fromEnd.reduce((result, edit) => {
    if ('replace' in edit) return `${result.slice(0, edit.replace.start)}1.1${result.slice(edit.replace.end)}`;
    return `${result.slice(0, edit.before)}${line}${separator(result, edit.before)}${result.slice(edit.before)}`;
  }, text);
}

function offsetOf(edit: NginxEdit): number {
  return 'replace' in edit ? edit.replace.start : edit.before;
}

/** A line of its own where the directive behind it has one. */
function separator(text: string, at: number): string {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const indent = text.slice(lineStart, at);
  if (indent.trim() !== '') return ' ';
  return (text.slice(0, lineStart).endsWith('\r\n') ? '\r\n' : '\n') + indent;
}
