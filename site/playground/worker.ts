import { applyFixes } from '../../src/check/fix/apply-fixes.ts';
import { checkManifests } from '../../src/check/report/check-manifests.ts';
import type { Finding } from '../../src/check/report/finding.ts';
import { explainPasted } from './explain-pasted.ts';
import type { Answer, Question, ShownFinding } from './protocol.ts';

// All work is done here, so that the page stays alive whatever is pasted into it.

let last: { readonly id: number; readonly findings: readonly Finding[] } = { id: 0, findings: [] };

function answer(question: Question): Answer | undefined {
  const { id } = question;
  switch (question.ask) {
    case 'check': {
      const started = performance.now();
      const { findings, census, objects, unread } = checkManifests(question.files);
      last = { id, findings };
      return {
        ...{ ask: 'check', id, findings: findings.map(shown), census, objects },
        unread: unread.map(({ file, line, message }) => ({ file, line, column: 1, severity: 'error', message })),
        ms: performance.now() - started,
      };
    }
    case 'fix': {
      if (question.of !== last.id) return undefined;
      const { changed, created } = applyFixes(question.findings.flatMap((index) => last.findings[index] ?? []));
      return { ask: 'fix', id, changed, created: created.map(({ text }) => text) };
    }
    case 'explain':
      return { ask: 'explain', id, text: explainPasted(question.text) };
  }
}

function shown({ rule, severity, message, object, file, line, column, fix }: Finding, index: number): ShownFinding {
  const changes = fix !== undefined && (fix.patches.length > 0 || fix.manifests.length > 0);
  return {
    ...{ index, rule, severity, message, file, line, column },
    object: object === undefined ? '' : `${object.kind} ${object.namespace}/${object.name}`,
    ...(changes && { fix: fix.title }),
    certain: fix?.certain ?? false,
  };
}

addEventListener('message', ({ data }: MessageEvent<Question>) => {
  try {
    const reply = answer(data);
    if (reply !== undefined) postMessage(reply);
  } catch (error) {
    postMessage({
      ask: 'failed',
      id: data.id,
      message: error instanceof Error ? error.message : String(error),
    } satisfies Answer);
  }
});
