import { healthPort } from '../mesh/ports/health-port.ts';
import type { OptionName } from './options.ts';

const waiting: readonly OptionName[] = [
  ...(['mesh', 'adminUrl', 'readyUrl', 'proof', 'waitFor', 'mode', 'timeoutMs', 'onTimeout'] as const),
  ...(['probeTimeoutMs', 'intervalMs', 'terminationLog'] as const),
];
const staying: readonly OptionName[] = ['supervise', 'group', 'groupGraceMs', 'parentDeath', 'subreaper'];
const quitting: readonly OptionName[] = ['quitUrl', 'quitHeader', 'quitHeaderFile', 'quitTimeoutMs'];
export const loggingOptions: readonly OptionName[] = ['logLevel', 'logFormat'];

/** The commands of the shim, once, for the command line and for help. */
const commands = {
  run: {
    operands: [],
    app: true,
    json: false,
    options: [...waiting, 'quit', ...quitting, ...staying, ...loggingOptions],
    switchedOff: true,
    help: 'wait for the sidecar, then become COMMAND (the default command)',
  },
  wait: {
    operands: [],
    app: false,
    json: false,
    options: [...waiting, ...loggingOptions],
    switchedOff: true,
    help: 'wait for the sidecar, then exit with 0',
  },
  probe: {
    operands: ['[URL]'],
    app: false,
    json: false,
    options: ['probeTimeoutMs', 'header'],
    // What everybody calls the limit of one request; the wait, whose limit it is elsewhere, is no part of this command.
    otherFlags: { '--timeout': 'probeTimeoutMs' },
    switchedOff: false,
    help: `send one health request (default: http://localhost:${healthPort}/readyz), as the kubelet does; exit with 0 on status 200 to 399, else 1; URL may also be what --wait-for takes, unix:PATH:/URL, or (with Node) https://`,
  },
  quit: {
    operands: [],
    app: false,
    json: false,
    options: ['mesh', 'adminUrl', ...quitting, ...loggingOptions],
    switchedOff: true,
    help: 'tell the sidecar to quit',
  },
  install: {
    operands: ['DIR'],
    app: false,
    json: false,
    options: [],
    switchedOff: false,
    help: 'copy mesh-shim into DIR, and register.mjs if it is beside mesh-shim',
  },
  status: {
    operands: [],
    app: false,
    json: true,
    options: ['mesh', 'adminUrl', 'readyUrl', 'proof', 'probeTimeoutMs'],
    switchedOff: false,
    help: 'print the state of the sidecar; --json for programs',
  },
} satisfies Record<string, CommandSpec>;

interface CommandSpec {
  readonly operands: readonly string[];
  /** Whether it starts a COMMAND behind `--`. */
  readonly app: boolean;
  readonly json: boolean;
  /** Those that have an effect; others are refused on the command line, and not even read in the environment. */
  readonly options: readonly OptionName[];
  /** Flags that mean another option than elsewhere. */
  readonly otherFlags?: Readonly<Record<string, OptionName>>;
  /** Whether the variable that disables the shim acts on it. */
  readonly switchedOff: boolean;
  readonly help: string;
}

export type CommandName = keyof typeof commands;

export const commandTable: Readonly<Record<CommandName, CommandSpec>> = commands;

/** A command with what follows it: `probe [OPTIONS] [URL]`. */
export function commandUsage(name: CommandName): string {
  const { operands, app, json, options } = commandTable[name];
  const words = [name, ...(options.length > 0 ? ['[OPTIONS]'] : []), ...(json ? ['[--json]'] : []), ...operands];
  return [...words, ...(app ? ['-- COMMAND [ARG...]'] : [])].join(' ');
}

export function isCommandName(word: string): word is CommandName {
  return Object.hasOwn(commandTable, word);
}

/** The commands that come with the npm package only: they serve whoever makes images and manifests, not what runs. */
export const packageCommands = {
  check: 'find what will fail in the mesh in manifests, and fix it',
  explain: 'name the cause of an error, a flag, an event, a log; or ask a sidecar',
  image: 'put mesh-shim into an image as a layer, in front of its entrypoint, without Docker',
  'log-level': "show or set the sidecar's log level, also for a limited time",
  path: 'print the path of the static executable, to be copied into an image (--arch x64|arm64)',
  template: 'print a manifest that fixes a common problem',
  wrap: 'put mesh-shim in front of every app that needs it, in manifests',
  completion: 'print a completion script for bash, zsh or fish',
} as const;

export type PackageCommand = keyof typeof packageCommands;

export function isPackageCommand(word: string): word is PackageCommand {
  return Object.hasOwn(packageCommands, word);
}
