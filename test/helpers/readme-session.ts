import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePort } from './free-port.ts';
import { runCommand } from './run-shim.ts';

export interface Session {
  /** Lines for a shell. */
  readonly commands: readonly string[];
  /** What the README says that they print. */
  readonly shown: readonly string[];
}

/** The commands of an example's README and what it shows after them. */
export function readSession(folder: string): Session {
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  const [, commands, shown] = /^```sh\n(.*?)^```\n.*?^```text\n(.*?)^```$/ms.exec(text) ?? [];
  if (commands === undefined || shown === undefined) throw new Error(`${folder}/README.md has no commands with output`);
  return { commands: commands.trimEnd().split('\n'), shown: shown.trimEnd().split('\n') };
}

/** Brought by the test: the packages, which are those of this repository, and servers, which run without Docker. */
const brought = /^(npm (install|init|pkg)|docker run) /;

export interface SessionOptions {
  /** The Node that runs it, in the place of the one in PATH. */
  readonly node: string;
  /** Ports that somebody listens on already, by the README's: `{ 5432: 23456 }`. */
  readonly servers?: Readonly<Record<number, number>>;
}

export interface Printed {
  /** The lines of programs. */
  readonly lines: readonly string[];
  /** The messages of their logs. */
  readonly messages: readonly string[];
  /** What else is on stderr. */
  readonly complaints: readonly string[];
}

/**
 * Gives the README's lines to a shell as they stand, with its ports exchanged for free ones: of programs by their variables, in files by
 * the caller.
 */
export async function runSession({ commands }: Session, folder: string, options: SessionOptions): Promise<Printed> {
  const ports: Record<string, number> = { ...options.servers };
  const lines = commands.filter((line) => !brought.test(`${line} `));
  const variables = { 8080: 'PORT', 9000: 'HEALTH_PORT', 8081: 'HTTP_PORT', 8082: 'TCP_PORT' };
  const env: Record<string, string> = {};
  for (const [port, name] of Object.entries(variables)) {
    ports[port] ??= await freePort();
    env[name] = `${ports[port]}`;
  }
  const exchange = (text: string, table: [string, string][]) =>
    table.reduce((all, [from, to]) => all.replaceAll(new RegExp(`\\b${from}\\b`, 'g'), to), text);
  const table = Object.entries(ports).map(([from, to]): [string, string] => [from, `${to}`]);
  const script = exchange(lines.join('\n'), table);
  // What would wait for ever is ended, with all that it has started.
  const shell = runCommand(['timeout', '--kill-after=1', '45', 'bash', '--norc', '-c', script], {
    cwd: folder,
    env: { ...env, PATH: `${dirname(options.node)}:${process.env.PATH}` },
  });
  await shell.ended;
  const back = table.map(([from, to]): [string, string] => [to, from]);
  const all = (text: string) =>
    exchange(text, back)
      .split('\n')
      .filter((line) => line !== '');
  const [stdout, stderr] = [all(shell.stdout()), all(shell.stderr())];
  const isNotice = (line: string) => /ExperimentalWarning|^\(Use `node --trace-warnings|^\[\d+\]|Terminated/.test(line);
  return {
    lines: stdout.filter((line) => !isLog(line)).map(comparable),
    messages: [...stdout, ...stderr].filter(isLog).map(messageOf),
    complaints: stderr.filter((line) => !isLog(line) && !isNotice(line)),
  };
}

const isLog = (line: string): boolean => line.startsWith('{"level"');
const messageOf = (line: string): string => comparable((JSON.parse(line) as { msg: string }).msg);

/** Without what differs from run to run and, where a machine has no IPv6, from machine to machine. */
function comparable(line: string): string {
  const times = line.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
  return times.replaceAll('[::1]', '127.0.0.1').replaceAll('[::]', '0.0.0.0');
}

/** What the README shows, in the same shape; a line of three dots stands for any. */
export function shownBy({ shown }: Session): Printed {
  return {
    lines: shown.filter((line) => !isLog(line)).map(comparable),
    messages: shown.filter(isLog).map(messageOf),
    complaints: [],
  };
}

/** Whether lines are those that are shown, with any in the place of `...`. */
export function linesMatch(lines: readonly string[], shown: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return lines.length === 0;
  if (first === '...') return lines.some((_, i) => linesMatch(lines.slice(i), rest)) || linesMatch([], rest);
  return lines[0] === first && linesMatch(lines.slice(1), rest);
}
