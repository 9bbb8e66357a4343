import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { explainLog } from '../explain/explain-log.ts';
import { explainText, nearestFlag } from '../explain/explain-text.ts';
import { attempt, readStandardInput } from './attempt.ts';

import { type GivenOptions, type Tool, ToolError, type ToolIo, toolExitCodes } from './tool.ts';

const subjects =
  'a response flag, a status, the body of a reply, a line of an access log, a file, or - for standard input';

/** `mesh-shim explain`. */
export const explain: Tool = {
  operands: 'FLAG|STATUS|TEXT|LINE|FILE|-',
  about: [
    'Explains what the sidecar says: a response flag (UF,URX), a status (426), the body of a reply,',
    'a line of an access log, or a whole access log (a file, or - for standard input).',
    'It names the usual causes, what to look at, and the rules of mesh-shim check that find them.',
  ],
  options: [],
  exitCodes: ['done', 'notDone', 'internal'],
  run: explainSubject,
};

async function explainSubject({ operands }: GivenOptions, io: ToolIo): Promise<number> {
  const subject = operands.join(' ');
  if (subject.trim() === '') throw new ToolError(`nothing to explain; name ${subjects}`);
  const log = await readLog(subject, io);
  const words = log === undefined ? explainText(subject) : explainWhole(log);
  if (words === undefined) throw new ToolError(notExplained(subject, log !== undefined));
  io.stdout.write(words.endsWith('\n') ? words : `${words}\n`);
  return toolExitCodes.done.code;
}

function explainWhole(log: string): string | undefined {
  return log.trim().includes('\n') ? explainLog(log) : (explainText(log) ?? explainLog(log));
}

function notExplained(subject: string, isLog: boolean): string {
  if (isLog) {
    const name = subject === '-' ? 'standard input' : subject;
    return `cannot explain ${name}: no line of it is one of an access log of Istio or Envoy (default format, text or JSON)`;
  }
  const near = nearestFlag(subject);
  const shown = JSON.stringify(subject.length > 200 ? `${subject.slice(0, 200)}...` : subject);
  return `cannot explain ${shown}; ${near === undefined ? `name ${subjects}` : `did you mean ${near}?`}`;
}

/** What stands in the file of this name, or comes from standard input; undefined when the subject is neither. */
async function readLog(subject: string, io: ToolIo): Promise<string | undefined> {
  if (subject === '-') return readStandardInput(io);
  const path = resolve(io.cwd, subject);
  // Not only plain files: a shell's <(kubectl logs ...) is a pipe.
  const isFile = existsSync(path) && !statSync(path).isDirectory();
  return isFile ? attempt(`read ${subject}`, () => readFileSync(path, 'utf8')) : undefined;
}
