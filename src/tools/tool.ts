import type { Readable, Writable } from 'node:stream';

/** What a command may touch. It never exits and reads nothing of the process itself. */
export interface ToolIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Whether standard output is a terminal: then colours. */
  readonly isTerminal: boolean;
  /** The width of the terminal; undefined where standard output is none. */
  readonly columns?: number | undefined;
}

/** A command of the npm package. Its help and the documentation are made from it, or tested against it. */
export interface Tool {
  /** What follows the name in the usage line, besides the options. */
  readonly operands: string;
  /** The words that an operand can be, where they are few: a shell completes them. */
  readonly operandChoices?: readonly string[];
  /** What it does, for its help. */
  readonly about: readonly string[];
  readonly options: readonly OptionSpec[];
  readonly exitCodes: readonly ToolExit[];
  /** Resolves with the exit code. @throws ToolError for what the user must correct */
  readonly run: (given: GivenOptions, io: ToolIo) => Promise<number>;
}

/** One option of a command. Parsing and help are made from it, and the documentation is tested against it. */
export interface OptionSpec {
  readonly flag: string;
  readonly short?: string;
  /** What the value is called; without it the option is a switch. */
  readonly value?: string;
  /** As the user would write it, or in words; undefined: nothing. */
  readonly default?: string;
  /** Takes several values, separated by commas or given one by one. Of any other option the last value counts. */
  readonly list?: true;
  readonly text: string;
}

export interface GivenOptions {
  readonly operands: readonly string[];
  /** By flag. Switches are "true", the values of a list are separated by commas. */
  readonly values: ReadonlyMap<string, string>;
}

/** Every exit code of the npm package's commands. Help is made from this table, the documentation is tested against it. */
export const toolExitCodes = {
  done: { code: 0, when: 'done' },
  clean: { code: 0, when: 'no finding at or above --fail-on' },
  found: { code: 1, when: 'a finding at or above --fail-on' },
  allWrapped: { code: 0, when: 'nothing that needs mesh-shim is without it, or would be with --write' },
  leftAlone: {
    code: 1,
    when: 'a workload that needs mesh-shim was left alone, also where its image could not be read: the output says why',
  },
  notDone: { code: 2, when: 'a wrong command line, or something that could not be read, written or reached' },
  internal: { code: 70, when: 'an internal error of mesh-shim (EX_SOFTWARE)' },
  /** Plus the signal's number. */
  signalBase: {
    code: 128,
    shown: '128+n',
    when: 'signal n ended --for early, and the level was set back (129 HUP, 130 INT, 143 TERM)',
  },
  /** Plus the signal's number. */
  interrupted: {
    code: 128,
    shown: '128+n',
    when: 'signal n ended a log that goes on; what was read is summed up (130 INT, 143 TERM)',
  },
} as const satisfies Record<string, ExitCode>;

interface ExitCode {
  readonly code: number;
  /** How people read it, where it is no single number. */
  readonly shown?: string;
  readonly when: string;
}

export type ToolExit = keyof typeof toolExitCodes;

/** The exit codes of a command for people: code and reason. */
export function exitCodeRows(exits: readonly ToolExit[]): [string, string][] {
  return exits.map((exit) => {
    const { code, shown, when }: ExitCode = toolExitCodes[exit];
    return [shown ?? String(code), when];
  });
}

/** The user's mistake, or something outside that failed: one line, no stack; the exit code is that of `notDone`. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

declare const MESH_SHIM_VERSION: string | undefined;

/** Set when the package is built; the sources themselves have none. */
export const toolVersion = typeof MESH_SHIM_VERSION === 'string' ? MESH_SHIM_VERSION : '0.0.0';
