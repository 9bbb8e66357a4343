import { createReadStream } from 'node:fs';
import { constants } from 'node:os';
import process from 'node:process';
import { createLogExplainer, type LogSummary } from '../../explain/log/explain-log.ts';
import { createLineSplitter } from '../../explain/log/split-lines.ts';
import { systemReason } from '../attempt.ts';
import { ToolError, type ToolIo } from '../tool.ts';
import type { ExplainOptions } from './explain-options.ts';
import type { Input } from './inputs.ts';
import { createLiveReport } from './live-report.ts';
import { plainText } from './plain-text.ts';

export interface LogRead {
  readonly summary: LogSummary;
  /** Lines that are not blank. */
  readonly lines: number;
  /** The line, where there is just one. */
  readonly onlyLine: string | undefined;
  /** The number of the signal that ended the reading. */
  readonly signal: number | undefined;
}

/** Reads logs to their ends, or until SIGINT or SIGTERM; what lasts is reported as it comes. @throws ToolError for what cannot be read */
export async function readLog(inputs: readonly Input[], options: ExplainOptions, io: ToolIo): Promise<LogRead> {
  const explainer = createLogExplainer({ format: options.format, sinceMs: options.sinceMs });
  const live = createLiveReport(options, io);
  let lines = 0;
  let firstLine: string | undefined;
  const splitter = createLineSplitter((line) => {
    if (line.trim() === '') return;
    lines += 1;
    firstLine ??= line;
    const fresh = explainer.add(line);
    if (fresh !== undefined) live.found(fresh);
  });
  let signal: number | undefined;
  for (const input of inputs) {
    if (signal !== undefined) break;
    if ('text' in input) splitter.push(input.text);
    else signal = await readInput(input, io, (piece) => splitter.push(piece));
    // The end of a file ends its last line.
    splitter.rest();
  }
  live.stop();
  return { summary: explainer.summary(), lines, onlyLine: lines === 1 ? firstLine : undefined, signal };
}

async function readInput(
  input: Exclude<Input, { readonly text: string }>,
  io: ToolIo,
  push: (piece: string) => void,
): Promise<number | undefined> {
  const source = 'stdin' in input ? io.stdin : createReadStream(input.path);
  let signal: number | undefined;
  const end = (name: 'SIGINT' | 'SIGTERM') => {
    signal = constants.signals[name];
    source.destroy();
  };
  const onInterrupt = () => end('SIGINT');
  const onTerminate = () => end('SIGTERM');
  process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
  try {
    for await (const piece of plainText(source, input.name)) push(piece);
  } catch (cause) {
    // What was read before the signal counts.
    if (signal === undefined) {
      if (cause instanceof ToolError) throw cause;
      const why = reasonOf(cause);
      throw new ToolError(`cannot read ${input.name}: ${why}`, { cause });
    }
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate);
  }
  return signal;
}

/** Zlib has error numbers of its own, which are none of the system's. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const isPacked = String((cause as NodeJS.ErrnoException).code).startsWith('Z');
  return (isPacked ? undefined : systemReason(cause)) ?? cause.message;
}
