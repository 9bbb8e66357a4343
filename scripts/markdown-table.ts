/** A table in Markdown with its columns lined up, as the formatter leaves it. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const [headCells = [], ...others] = cells;
  const underline = widths.map((width) => '-'.repeat(width));
  return [headCells, underline, ...others]
    .map((row) => `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`)
    .join('\n');
}

/**
 * Puts a text between the marks `<!-- made: NAME -->` and `<!-- end -->` of a page.
 *
 * @throws Error for a page without these marks
 */
export function withMade(page: string, name: string, text: string): string {
  const mark = `<!-- made: ${name} -->\n`;
  const start = page.indexOf(mark);
  const end = page.indexOf('<!-- end -->', start);
  if (start === -1 || end === -1) throw new Error(`no place for "${name}": ${mark.trimEnd()} ... <!-- end -->`);
  return `${page.slice(0, start)}${mark}\n${text}\n\n${page.slice(end)}`;
}
