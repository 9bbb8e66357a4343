/** The commands of the shim, once, for the command line and for help. */
export const commandTable = {
  run: { operands: [], app: true, json: false, help: 'wait for the sidecar, then become COMMAND (may be left out)' },
  wait: { operands: [], app: false, json: false, help: 'wait, then exit with 0' },
  probe: {
    operands: ['[URL]'],
    app: false,
    json: false,
    help: 'one health request (default: http://localhost:9000/readyz): exit 0 on 200 to 399, else 1',
  },
  quit: { operands: [], app: false, json: false, help: 'tell the sidecar to end' },
  status: { operands: [], app: false, json: true, help: 'what the sidecar says of itself; --json for programs' },
} as const satisfies Record<string, CommandSpec>;

interface CommandSpec {
  readonly operands: readonly string[];
  /** Whether it starts a COMMAND behind `--`. */
  readonly app: boolean;
  readonly json: boolean;
  readonly help: string;
}

export type CommandName = keyof typeof commandTable;

export function isCommandName(word: string): word is CommandName {
  return Object.hasOwn(commandTable, word);
}
