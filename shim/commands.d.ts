/** The commands of the shim, once, for the command line and for help. */
export declare const commandTable: {
  readonly run: {
    readonly operands: readonly [];
    readonly app: true;
    readonly json: false;
    readonly help: 'wait for the sidecar, then become COMMAND (the default command)';
  };
  readonly wait: {
    readonly operands: readonly [];
    readonly app: false;
    readonly json: false;
    readonly help: 'wait for the sidecar, then exit with 0';
  };
  readonly probe: {
    readonly operands: readonly ['[URL]'];
    readonly app: false;
    readonly json: false;
    readonly help: 'send one health request (default: http://localhost:9000/readyz); exit with 0 on status 200 to 399, else 1';
  };
  readonly quit: {
    readonly operands: readonly [];
    readonly app: false;
    readonly json: false;
    readonly help: 'tell the sidecar to quit';
  };
  readonly install: {
    readonly operands: readonly ['DIR'];
    readonly app: false;
    readonly json: false;
    readonly help: 'copy mesh-shim into DIR, and register.mjs if it is beside mesh-shim';
  };
  readonly status: {
    readonly operands: readonly [];
    readonly app: false;
    readonly json: true;
    readonly help: 'print the state of the sidecar; --json for programs';
  };
};
export type CommandName = keyof typeof commandTable;
export declare function isCommandName(word: string): word is CommandName;
/** The commands that come with the npm package only: they serve whoever makes images and manifests, not what runs. */
export declare const packageCommands: {
  readonly check: 'find what will fail in the mesh in manifests, and fix it';
  readonly explain: 'explain a response flag, a status, a reply or an access log';
  readonly 'log-level': "show or set the sidecar's log level, also for a limited time";
  readonly path: 'print the path of the static executable, to be copied into an image (--arch x64|arm64)';
  readonly template: 'print a manifest that fixes a common problem';
};
export type PackageCommand = keyof typeof packageCommands;
export declare function isPackageCommand(word: string): word is PackageCommand;
