import { countLines, splitDocuments } from './load.ts';
import type { ManifestDocument, ManifestSource } from './manifest.ts';
import { nearestName } from './nearest-name.ts';

export const MARKER = 'mesh-shim-ignore';

/** A place that says: this finding is known, and here is why. */
export interface Suppression {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly reason: string;
  /** Lines that it covers, both included. */
  readonly from: number;
  readonly to: number;
}

export interface InvalidSuppression {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/**
 * Reads `# mesh-shim-ignore rule-id: reason` comments: on a key's own line or the line above it they cover that key,
 * at the head of a document all of it. The annotation `mesh-shim-ignore: "rule-id: reason; ..."` covers its document.
 */
export function readSuppressions(
  sources: readonly ManifestSource[],
  rules: readonly string[],
): { valid: Suppression[]; invalid: InvalidSuppression[] } {
  const valid: Suppression[] = [];
  const invalid: InvalidSuppression[] = [];
  for (const source of sources) {
    if (!source.text.includes(MARKER)) continue;
    for (const document of splitDocuments(source)) {
      const lines = document.text.split('\n');
      const head = lines.findIndex((line) => /^\s*[^#\s-]/.test(line));
      lines.forEach((line, index) => {
        for (const { words, column, whole } of readLine(line)) {
          const at = { file: source.name, line: document.line + index, column };
          const { rule, reason } = readWords(words);
          const problem = problemOf(rule, reason, rules);
          if (problem !== undefined) invalid.push({ ...at, message: problem });
          else valid.push({ ...at, rule, reason, ...span(document, index, whole || index < head, line) });
        }
      });
    }
  }
  return { valid, invalid };
}

interface Marked {
  readonly words: string;
  readonly column: number;
  readonly whole: boolean;
}

function readLine(line: string): Marked[] {
  const comment = /#\s*mesh-shim-ignore\b\s*(.*)$/.exec(line);
  if (comment !== null) return [{ words: comment[1] ?? '', column: comment.index + 1, whole: false }];
  const annotation = /^(\s*)["']?mesh-shim-ignore["']?:\s*["']?(.*?)["']?\s*$/.exec(line);
  if (annotation === null) return [];
  const column = (annotation[1] ?? '').length + 1;
  return (annotation[2] ?? '').split(';').map((words) => ({ words, column, whole: true }));
}

function readWords(words: string): { rule: string; reason: string } {
  const [rule = '', ...reason] = words.split(':');
  return { rule: rule.trim(), reason: reason.join(':').trim() };
}

function problemOf(rule: string, reason: string, rules: readonly string[]): string | undefined {
  if (!rules.includes(rule)) {
    const near = nearestName(rule, rules);
    return `there is no rule "${rule}"${near ? `; did you mean "${near}"?` : ''}`;
  }
  return reason === '' ? `${MARKER} ${rule} needs a reason: "# ${MARKER} ${rule}: why this is well"` : undefined;
}

function span(document: ManifestDocument, index: number, whole: boolean, line: string): { from: number; to: number } {
  if (whole) return { from: document.line, to: document.line + countLines(document.text) };
  const own = document.line + index;
  const alone = /^\s*#/.test(line);
  return { from: own, to: alone ? own + 1 : own };
}
