/** A line of a terminal, and when it was shown. */
export interface RecordedLine {
  readonly atMs: number;
  readonly text: string;
}

const fontSize = 14;
const lineHeight = 20;
const margin = 16;
/** Of a character of the usual monospaced fonts, in the size above. */
const characterWidth = 8.43;

/**
 * A recording of a terminal as one SVG file, with nothing beside it: each line appears when it was shown. Where motion is unwanted
 * (prefers-reduced-motion), and where CSS is not understood, all lines stand there from the beginning.
 */
export function recordingSvg(title: string, lines: readonly RecordedLine[]): string {
  const columns = Math.max(...lines.map(({ text }) => text.length));
  const width = Math.ceil(columns * characterWidth) + 2 * margin;
  const height = lines.length * lineHeight + 2 * margin;
  const shown = lines.map(({ atMs, text }, index) => {
    const y = margin + index * lineHeight + fontSize;
    const style = `animation-delay:${(atMs / 1000).toFixed(2)}s`;
    return `<text class="${kindOf(text)}" x="${margin}" y="${y}" style="${style}" xml:space="preserve">${escaped(text)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    '<style>',
    `text{font:${fontSize}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#c9d1d9}`,
    '.title{fill:#58a6ff;font-weight:bold}.bad{fill:#ff7b72}.good{fill:#7ee787}.note{fill:#8b949e}',
    '@media (prefers-reduced-motion:no-preference){text{animation:appear .01s both}}',
    '@keyframes appear{from{opacity:0}to{opacity:1}}',
    '</style>',
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    ...shown,
    '</svg>',
    '',
  ].join('\n');
}

/** What a line is about, by the words of the demo. */
function kindOf(text: string): string {
  if (/^ {0,2}(With|Without) /.test(text)) return 'title';
  if (/ECONNREFUSED|exit code [^0]/.test(text)) return 'bad';
  if (/: 200 |carries traffic|sidecar ready|exit code 0/.test(text)) return 'good';
  return /^ *\d+\.\d+ s /.test(text) ? 'plain' : 'note';
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
