/**
 * What a start beside an Istio sidecar that is ready does without, in chunks: each module with all that only it imports. The
 * executable reads a chunk when one of these modules' functions is called for the first time; they export nothing but functions.
 */
export const lazyModules = {
  commands: [
    'shim/help.ts',
    'shim/install.ts',
    'shim/probe.ts',
    'shim/quit-command.ts',
    'shim/wait-command.ts',
    'shim/status/status-command.ts',
  ],
  wrappers: ['src/command-line/linkerd-await.ts', 'src/command-line/scuttle.ts'],
  files: ['shim/native/native-files.ts'],
  names: ['shim/native/resolve-name.ts'],
  waiting: [
    'src/mesh/ask/port-watch.ts',
    'src/mesh/ask/repetition.ts',
    'src/mesh/wait/presence.ts',
    'src/mesh/wait/recognise.ts',
    'src/mesh/wait/timed-out.ts',
  ],
  statistics: ['src/mesh/wait/traffic-statistics.ts'],
  targets: [
    'src/mesh/ask/lenient-status.ts',
    'src/mesh/ask/protocol-exchange.ts',
    'src/mesh/wait/endpoint-gate.ts',
    'src/mesh/wait/target.ts',
  ],
  beside: [
    'shim/end-group.ts',
    'shim/init-programs.ts',
    'shim/native/native-children.ts',
    'shim/stay-beside.ts',
    'shim/supervise.ts',
  ],
  quit: ['shim/quit.ts', 'src/mesh/quit/quit-target.ts', 'src/mesh/quit/tell-to-quit.ts'],
  failures: [
    'shim/launch-failure.ts',
    'shim/program-file.ts',
    'shim/report-fault.ts',
    'shim/termination-message.ts',
    'src/text/nearest-name.ts',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;
