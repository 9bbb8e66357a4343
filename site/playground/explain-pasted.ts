import { explainText } from '../../src/explain/explain-text.ts';
import { createLogExplainer } from '../../src/explain/log/explain-log.ts';
import { createLineSplitter } from '../../src/explain/log/split-lines.ts';
import { answerText } from '../../src/explain/words/answer-text.ts';
import { logText } from '../../src/explain/words/log-text.ts';

const layout = { width: 90, paint: (_style: string, text: string) => text };
/** As many causes of a log as the command explains by default. */
const mostCauses = 5;

/** What `mesh-shim explain` says of a text: of one line its cause, of more lines the log's. */
export function explainPasted(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  if (!trimmed.includes('\n')) {
    const explained = explainText(trimmed);
    return explained === undefined ? 'Nothing known in this line.' : answerText(explained, layout);
  }
  const explainer = createLogExplainer({});
  const splitter = createLineSplitter((line) => void explainer.add(line));
  splitter.push(text);
  splitter.rest();
  const summary = explainer.summary();
  if (summary.requests === 0 && summary.tallies.length === 0) return 'Nothing known in this log.';
  return logText(summary, mostCauses, layout);
}
