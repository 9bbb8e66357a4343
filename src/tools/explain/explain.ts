import { type Explained, explainText } from '../../explain/explain-text.ts';
import type { LogSummary } from '../../explain/log/explain-log.ts';
import { answerJson, logJson } from '../../explain/words/answer-json.ts';
import { answerText } from '../../explain/words/answer-text.ts';
import { logText } from '../../explain/words/log-text.ts';
import { type GivenOptions, type Tool, ToolError, type ToolIo, toolExitCodes } from '../tool.ts';
import { type ExplainOptions, explainOptions, layoutOf, readExplainOptions } from './explain-options.ts';
import { explainPod } from './explain-pod.ts';
import { inputsOf } from './inputs.ts';
import { type LogRead, readLog } from './read-log.ts';

/** What can be explained, for those who named nothing or something else. */
const looksFor =
  'an access log of Envoy, Istio or ztunnel, response flags and details, a status, what a proxy or a client library says, ' +
  'events of Kubernetes, exit codes';

/** `mesh-shim explain`. */
export const explain: Tool = {
  operands: 'WHAT...|FILE...|-|--pod [POD [WHAT...]]',
  about: [
    'Names the cause of what went wrong in the mesh, and what to do now.',
    'WHAT is anything that you can paste: 503 UC, a line of a log, an error, an event, an exit code.',
    'FILE is a log, also a compressed one; - is standard input, which may go on (kubectl logs -f).',
    'With --pod it asks a live sidecar: inside its pod, or the one of POD through kubectl.',
  ],
  options: explainOptions,
  exitCodes: ['done', 'notDone', 'internal', 'interrupted'],
  run: explainGiven,
};

async function explainGiven(given: GivenOptions, io: ToolIo): Promise<number> {
  const options = readExplainOptions(given);
  if (given.values.has('pod')) return explainPod(given, options, io);
  const text = given.operands.join(' ');
  if (text.trim() === '')
    throw new ToolError(`nothing to explain: name WHAT, a FILE, or - for standard input; known are ${looksFor}`);
  const inputs = inputsOf(given.operands, io);
  if (inputs === undefined) {
    const explained = text.includes('\n') ? undefined : explainText(text, options.format);
    if (explained !== undefined) return tell(explained, options, io);
    const log = text.includes('\n') ? await readLog([{ name: 'the text', text }], options, io) : undefined;
    if (log !== undefined) return tellLog(log, 'the text', options, io);
    const quoted = JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}...` : text);
    throw new ToolError(`nothing known in ${quoted}; known are ${looksFor}`);
  }
  const name = inputs.map((input) => input.name).join(', ');
  return tellLog(await readLog(inputs, options, io), name, options, io);
}

function tell(explained: Explained, options: ExplainOptions, io: ToolIo): number {
  io.stdout.write(options.json ? answerJson(explained) : answerText(explained, layoutOf(io)));
  return toolExitCodes.done.code;
}

function tellLog(
  { summary, lines, onlyLine, signal }: LogRead,
  name: string,
  options: ExplainOptions,
  io: ToolIo,
): number {
  const code = signal === undefined ? toolExitCodes.done.code : toolExitCodes.interrupted.code + signal;
  if (lines === 0 && signal !== undefined) return code;
  if (lines === 0) {
    throw new ToolError(
      `nothing to explain: ${name} is empty; is it the right pod and container, and is the access log switched on?`,
    );
  }
  // One line is explained as such, with all that it has.
  const only = onlyLine === undefined ? undefined : explainText(onlyLine, options.format);
  const explained = only ?? soleFinding(summary);
  if (explained !== undefined && summary.tooOld === 0) {
    tell(explained, options, io);
    return code;
  }
  if (summary.requests === 0 && summary.tallies.length === 0) throw new ToolError(nothingKnown(summary, name, lines));
  io.stdout.write(options.json ? logJson(summary, options.top) : logText(summary, options.top, layoutOf(io)));
  return code;
}

/** Several lines of one error, as a stack trace has them, and no access log. */
function soleFinding({ requests, tallies }: LogSummary): Explained | undefined {
  const [tally] = tallies;
  if (requests > 0 || tallies.length !== 1 || tally === undefined || tally.count > 3) return undefined;
  return { subject: undefined, finding: tally.finding, candidates: [], retry: undefined };
}

function nothingKnown({ tooOld, to }: LogSummary, name: string, lines: number): string {
  if (tooOld > 0)
    return `nothing to explain: all ${tooOld} lines of ${name} are from before --since${to === undefined ? '' : ` (${to})`}`;
  return (
    `nothing known in ${name}: no line of its ${lines} is one of an access log or says what failed; known are ${looksFor}. ` +
    'A sidecar without access log lines: mesh-shim explain no-access-log. A format of your own: --format-string'
  );
}
