import { type Answer, answerOf, saysOf } from '../src/explain/answer.ts';
import { type Explained, explainText } from '../src/explain/explain-text.ts';
import { type Symptom, symptoms } from '../src/explain/symptoms.ts';

/** The symptoms with their answers, as `mesh-shim explain` gives them. */
export function symptomSections(): string {
  return symptoms.map(section).join('\n\n');
}

function section({ title, paste }: Symptom): string {
  const answer = answerTo(paste);
  const or = answer.or.map(({ cause, when }) => `- ${saysOf(cause)} It is this one when ${when}.`);
  const rules = answer.rules.map((rule) => `[${rule}](rules/${rule}.md)`);
  return [
    `## ${title}`,
    `**End it now.** ${markdown(answer.now)}`,
    `**Cause.** ${markdown(answer.says)}`,
    ['```sh', `npx mesh-shim explain '${paste.replaceAll("'", "'\\''")}'`, ...answer.next, '```'].join('\n'),
    ...(or.length === 0 ? [] : [`Or:\n\n${or.map(markdown).join('\n')}`]),
    ...(rules.length === 0 ? [] : [`Rules of \`mesh-shim check\` that find it in manifests: ${rules.join(', ')}.`]),
    `Read on: <${answer.more}>`,
  ].join('\n\n');
}

/** @throws where a symptom is explained as several causes or none */
function answerTo(paste: string): Answer {
  const explained: Explained | undefined = explainText(paste);
  if (explained?.finding === undefined) throw new Error(`no cause for the symptom ${paste}`);
  return answerOf(explained.finding);
}

/** What Markdown would take for its own. */
function markdown(text: string): string {
  return text.replaceAll(/[*_<>|]/g, (character) => `\\${character}`);
}
