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
  install: {
    operands: ['DIR'],
    app: false,
    json: false,
    help: 'copy mesh-shim into DIR, and register.mjs where it lies beside it',
  },
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

/** The commands that come with the npm package only: they serve whoever makes images and manifests, not what runs. */
export const packageCommands = {
  check: 'find in manifests what will fail in the mesh',
  explain: 'say what a response flag, a reply or an access log means',
  'log-level': "show or set the sidecar's log level, for a while",
  path: 'print where the static executable lies, to be copied into an image (--arch x64|arm64)',
  template: 'print the manifests that the cures need',
} as const;

export type PackageCommand = keyof typeof packageCommands;

export function isPackageCommand(word: string): word is PackageCommand {
  return Object.hasOwn(packageCommands, word);
}
