import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { explainLog } from '../explain/explain-log.ts';
import { explainText, nearestFlag } from '../explain/explain-text.ts';
import { parseOptions } from './options.ts';
import { exitClean, ToolError, type ToolIo } from './tool.ts';

const helpText = `mesh-shim explain FLAG|STATUS|TEXT|LINE|FILE|-

Says in words what a response flag (UF,URX), a status (426), the body of a reply, a line of an access log, or a whole
log (a file, or - for standard input) means: the usual causes, what to look at next, the rule that finds it.
`;

/** `mesh-shim explain`. @throws ToolError for what nobody can explain */
export async function explain(args: readonly string[], io: ToolIo): Promise<number> {
  const { operands, values } = parseOptions('explain', args, [{ flag: 'help', summary: 'print this' }]);
  const subject = operands.join(' ');
  if (values.has('help')) {
    io.stdout.write(helpText);
    return exitClean;
  }
  if (subject === '')
    throw new ToolError('what? Name a response flag, a status, the text of a reply, a log line or a log file');
  const path = resolve(io.cwd, subject);
  const isLog = subject === '-' || (subject.length < 1024 && existsSync(path) && statSync(path).isFile());
  const words = isLog ? explainWhole(await readLog(subject, path, io)) : explainText(subject);
  if (words === undefined) {
    const near = nearestFlag(subject);
    throw new ToolError(
      `cannot explain "${subject.slice(0, 200)}"${near === undefined ? '' : `; did you mean ${near}?`}`,
    );
  }
  io.stdout.write(words.endsWith('\n') ? words : `${words}\n`);
  return exitClean;
}

function explainWhole(log: string): string | undefined {
  return log.trim().includes('\n') ? explainLog(log) : (explainText(log) ?? explainLog(log));
}

async function readLog(subject: string, path: string, { stdin }: ToolIo): Promise<string> {
  if (subject !== '-') return readFileSync(path, 'utf8');
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}
