/** The rows of all tables of a Markdown text, cell by cell, without those that head or underline a table. */
export function tableRows(markdown: string): string[][] {
  const lines = markdown.split('\n');
  const isRow = (line: string | undefined): boolean => line?.trimStart().startsWith('|') ?? false;
  const isUnderline = (line: string | undefined): boolean => isRow(line) && /^[\s|:-]+$/.test(line ?? '');
  return lines
    .filter((line, index) => isRow(line) && !isUnderline(line) && !isUnderline(lines[index + 1]))
    .map((line) =>
      line
        .trim()
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    );
}

/** What stands between backticks. */
export function codeSpans(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, span]) => span ?? '');
}
