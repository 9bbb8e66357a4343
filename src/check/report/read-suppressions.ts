import { nearestName } from '../../text/nearest-name.ts';
import { countLines } from '../read/documents.ts';
import type { LoadedManifests } from '../read/load.ts';
import type { KubeObject, ManifestDocument } from '../read/manifest.ts';
import type { Position } from '../read/position.ts';
import { type Path, text, valueAt } from '../read/values.ts';

const marker = 'mesh-shim-ignore';

/** A place that says: this finding is known, and here is why. */
export interface Suppression {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly reason: string;
  /** An annotation covers its object, ... */
  readonly object?: KubeObject;
  /** ... a comment these lines, both included. */
  readonly from: number;
  readonly to: number;
}

/** One that suppresses nothing, for `message`. */
export interface InvalidSuppression {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** What the annotation is called, and where it may stand: on the object. Its text: `rule-id: reason; rule-id: reason`. */
const suppressionPath: Path = ['metadata', 'annotations', marker];

/**
 * Reads `# mesh-shim-ignore rule-id: reason` comments (on a key's own line or the line above it they cover that key, at
 * the head of a document all of it) and the annotation `mesh-shim-ignore` of objects.
 */
export function readSuppressions(
  { documents, objects }: LoadedManifests,
  rules: readonly string[],
  locate: (object: KubeObject, path: Path) => Position,
): { readonly valid: readonly Suppression[]; readonly invalid: readonly InvalidSuppression[] } {
  const valid: Suppression[] = [];
  const invalid: InvalidSuppression[] = [];
  const read = (words: string, at: { file: string } & Position, cover: Pick<Suppression, 'from' | 'to' | 'object'>) => {
    const [name = '', ...rest] = words.split(':');
    const [rule, reason] = [name.trim(), rest.join(':').trim()];
    const problem = problemOf(rule, reason, rules);
    if (problem === undefined) valid.push({ ...at, ...cover, rule, reason });
    else invalid.push({ ...at, message: problem });
  };
  for (const document of documents) {
    if (!document.text.includes(marker)) continue;
    const lines = document.text.split('\n');
    const head = lines.findIndex((line) => /^\s*[^#\s-]/.test(line));
    lines.forEach((line, index) => {
      const comment = suppressionComment.exec(line);
      if (comment === null) return;
      const at = { file: document.source.name, line: document.line + index, column: comment.index + 1 };
      read(comment[1] ?? '', at, span(document, index, index < head, line));
    });
  }
  for (const object of objects) {
    const words = text(valueAt(object.data, suppressionPath));
    if (words === undefined) continue;
    const at = { file: object.document.source.name, ...locate(object, suppressionPath) };
    for (const part of words.split(/[;\n]/).filter((part) => part.trim() !== ''))
      read(part, at, { from: 0, to: 0, object });
  }
  return { valid, invalid };
}

const suppressionComment = /#\s*mesh-shim-ignore\b\s*(.*)$/;

function problemOf(rule: string, reason: string, rules: readonly string[]): string | undefined {
  if (!rules.includes(rule)) {
    const near = nearestName(rule, rules);
    return `there is no rule "${rule}"${near ? `; did you mean "${near}"?` : ''}`;
  }
  return reason === '' ? `${marker} ${rule} needs a reason: "# ${marker} ${rule}: why it is right here"` : undefined;
}

function span(document: ManifestDocument, index: number, whole: boolean, line: string): { from: number; to: number } {
  if (whole) return { from: document.line, to: document.line + countLines(document.text) };
  const own = document.line + index;
  const alone = /^\s*#/.test(line);
  return { from: own, to: alone ? own + 1 : own };
}
