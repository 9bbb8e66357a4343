import type { ManifestDocument, ManifestSource } from './manifest.ts';

/** Splits at `---`, which YAML knows at the start of a line only, so that one broken document does not hide the next. */
export function splitDocuments(source: ManifestSource): ManifestDocument[] {
  const documents: ManifestDocument[] = [];
  const content = source.text;
  let offset = 0;
  let line = 1;
  const end = (until: number): void => {
    const part = content.slice(offset, until);
    if (/^[ \t]*[^\s#-]/m.test(part)) documents.push({ source, text: part, format: 'yaml', offset, line });
    line += countLines(part);
    offset = until;
  };
  for (const marker of content.matchAll(/^---(?=\s|$)/gm)) {
    if (marker.index > 0 && !/^%/m.test(content.slice(offset, marker.index))) end(marker.index);
  }
  end(content.length);
  return documents;
}

export function countLines(part: string): number {
  let count = 0;
  for (let at = part.indexOf('\n'); at !== -1; at = part.indexOf('\n', at + 1)) count += 1;
  return count;
}
