import { wrap } from '../../text/wrap.ts';
import { type Answer, answerOf, saysOf } from '../answer.ts';
import type { CauseId } from '../causes/index.ts';
import { causes } from '../causes/index.ts';
import type { Explained } from '../explain-text.ts';
import { fill, shown } from './fill.ts';
import type { Paint } from './paint.ts';

export interface Layout {
  /** Columns of the terminal. */
  readonly width: number;
  readonly paint: Paint;
}

const labelWidth = 9;

/** An answer for people: the cause first, then what to do. */
export function answerText({ subject, finding, candidates, retry }: Explained, layout: Layout): string {
  if (finding === undefined) return candidatesText(subject ?? '', candidates, layout);
  const answer = answerOf(finding);
  return [
    ...headline(answer.says, layout),
    '',
    ...(subject === undefined ? [] : labelled('Is', shown(subject), layout)),
    ...answerLines(answer, layout),
    ...(retry === undefined ? [] : labelled('Retry', retry, layout)),
    '',
  ].join('\n');
}

export function headline(says: string, { width, paint }: Layout): string[] {
  return wrap(says, width).map((line) => paint('bold', line));
}

/** What follows the cause: how sure, what to do, what else it may be, and where to read on. */
export function answerLines(answer: Answer, layout: Layout): string[] {
  const { sure, because, now, next, or, rules, more } = answer;
  return [
    ...labelled('Sure', `${sure}: ${shown(because)}`, layout),
    ...labelled('Now', now, layout),
    ...commandLines('Next', next, layout),
    ...or.flatMap(({ cause, when }, index) => labelled(index === 0 ? 'Or' : '', `${cause}: when ${when}`, layout)),
    ...(rules.length === 0 ? [] : commandLines('Check', checkCommand(rules, layout), layout)),
    ...labelled('More', more, layout),
  ];
}

function candidatesText(subject: string, candidates: readonly CauseId[], layout: Layout): string {
  const title = `${subject} in a mesh is one of these; the response flag and details of the log line tell which.`;
  return [
    ...headline(title, layout),
    ...candidates.flatMap((cause, index) => [
      '',
      ...indented(`${index + 1}. `, saysOf(cause), layout),
      ...indented('   ', `When: ${causes[cause].tell}.`, layout),
      ...indented('   ', `Now: ${fill(causes[cause].now, {})}`, layout),
    ]),
    '',
    ...commandLines('Next', ['kubectl logs POD -c istio-proxy --since=10m | mesh-shim explain -'], layout),
    '',
  ].join('\n');
}

function indented(mark: string, text: string, { width }: Layout): string[] {
  return wrap(text, width - mark.length).map((line, index) => `${index === 0 ? mark : ' '.repeat(mark.length)}${line}`);
}

export function labelled(label: string, text: string, { width, paint }: Layout): string[] {
  return wrap(text, width - labelWidth).map(
    (line, index) => `${paint('cyan', `  ${index === 0 ? label : ''}`.padEnd(labelWidth))}${line}`,
  );
}

/** The rules on as many lines as they need; the option may come several times. */
function checkCommand(rules: readonly string[], { width }: Layout): readonly string[] {
  const lines: string[] = [];
  let line = 'mesh-shim check PATH --only ';
  for (const rule of rules) {
    const longer = line.endsWith(' ') ? line + rule : `${line},${rule}`;
    if (longer.length + 2 <= width - labelWidth || line.endsWith(' ')) line = longer;
    else {
      lines.push(`${line} \\`);
      line = `  --only ${rule}`;
    }
  }
  return [...lines, line];
}

/** Commands are copied: a long one goes on behind a pipe, which a shell takes as it stands. */
export function commandLines(label: string, commands: readonly string[], { width, paint }: Layout): string[] {
  const room = width - labelWidth;
  const lines = commands.flatMap((command) => {
    if (command.length <= room) return [command];
    const parts = command.split(' | ');
    return parts.map((part, index) => `${index === 0 ? '' : '  '}${part}${index === parts.length - 1 ? '' : ' |'}`);
  });
  return lines.map((line, index) => `${paint('cyan', `  ${index === 0 ? label : ''}`.padEnd(labelWidth))}${line}`);
}
