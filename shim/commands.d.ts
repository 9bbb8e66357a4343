/** The commands of the shim, once, for the command line and for help. */
export declare const commandTable: {
  readonly run: {
    readonly operands: readonly [];
    readonly app: true;
    readonly json: false;
    readonly help: 'wait for the sidecar, then become COMMAND (may be left out)';
  };
  readonly wait: {
    readonly operands: readonly [];
    readonly app: false;
    readonly json: false;
    readonly help: 'wait, then exit with 0';
  };
  readonly probe: {
    readonly operands: readonly ['[URL]'];
    readonly app: false;
    readonly json: false;
    readonly help: 'one health request (default: http://localhost:9000/readyz): exit 0 on 200 to 399, else 1';
  };
  readonly quit: {
    readonly operands: readonly [];
    readonly app: false;
    readonly json: false;
    readonly help: 'tell the sidecar to end';
  };
  readonly install: {
    readonly operands: readonly ['DIR'];
    readonly app: false;
    readonly json: false;
    readonly help: 'copy mesh-shim into DIR, and register.mjs where it lies beside it';
  };
  readonly status: {
    readonly operands: readonly [];
    readonly app: false;
    readonly json: true;
    readonly help: 'what the sidecar says of itself; --json for programs';
  };
};
export type CommandName = keyof typeof commandTable;
export declare function isCommandName(word: string): word is CommandName;
/** The commands that come with the npm package only: they serve whoever makes images and manifests, not what runs. */
export declare const packageCommands: {
  readonly check: 'find in manifests what will fail in the mesh';
  readonly explain: 'say what a response flag, a reply or an access log means';
  readonly 'log-level': "show or set the sidecar's log level, for a while";
  readonly path: 'print where the static executable lies, to be copied into an image (--arch x64|arm64)';
  readonly template: 'print the manifests that the cures need';
};
export type PackageCommand = keyof typeof packageCommands;
export declare function isPackageCommand(word: string): word is PackageCommand;
