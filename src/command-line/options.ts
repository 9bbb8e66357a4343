import { type Mesh, type MeshSelection, meshNames } from '../mesh/profiles/profiles.ts';
import { modes } from '../mesh/wait/presence.ts';
import type { OwnedAddress } from '../mesh/wait/sidecar-addresses.ts';
import type { SidecarAddresses } from '../mesh/wait/sidecar-gates.ts';
import type { WaitTarget } from '../mesh/wait/target.ts';
import { proofs } from '../mesh/wait/traffic-statistics.ts';
import {
  adminUrl,
  duration,
  filePath,
  header,
  httpUrl,
  meshes,
  oneOf,
  type Parser,
  positiveDuration,
  target,
  toggle,
} from './option-parsers.ts';

interface OptionSpec<T> {
  readonly flag: `--${string}`;
  readonly env: `MESH_SHIM_${string}`;
  /** In help: the kind of value; a flag without one is a switch. */
  readonly value?: string;
  /** As the user would write it; undefined: nothing, or the profile decides. */
  readonly default?: string;
  /** How help and the documentation name a default that is no fixed text. */
  readonly defaultNote?: string;
  /** May be given more than once; in the variable, separated by commas or blanks. */
  readonly repeatable?: true;
  readonly parse: Parser<T>;
  /** Its value gets into no message. */
  readonly secret?: true;
  readonly help: string;
}

const option = <T>(spec: OptionSpec<T>): OptionSpec<T> => spec;

/** The one table of options. Help, documentation and the reading of flags and variables are made from it, or tested against it. */
export const optionTable = {
  mesh: option({
    flag: '--mesh',
    env: 'MESH_SHIM_MESH',
    value: 'NAMES',
    default: 'auto',
    parse: meshes,
    help: `the mesh: auto, none, or ${meshNames.join(', ')}; with commas: all of them must be ready`,
  }),
  adminUrl: option({
    flag: '--admin-url',
    env: 'MESH_SHIM_ADMIN_URL',
    value: 'URL',
    defaultNote: 'http://localhost:15000 (Consul: 19000, Kuma: 9901)',
    repeatable: true,
    parse: adminUrl,
    help: "address of Envoy's admin: http://HOST:PORT or unix:PATH; of several sidecars NAME=URL",
  }),
  readyUrl: option({
    flag: '--ready-url',
    env: 'MESH_SHIM_READY_URL',
    value: 'URL',
    defaultNote: 'of the profile (Istio: port 15021)',
    repeatable: true,
    parse: httpUrl,
    help: 'readiness address that must answer 200 as well; of several sidecars NAME=URL',
  }),
  proof: option({
    flag: '--proof',
    env: 'MESH_SHIM_PROOF',
    value: 'WHAT',
    default: 'auto',
    parse: oneOf(...proofs),
    help: "what proves that an Envoy carries traffic: auto (Istio's agent, else what its statistics say), live (its workers have started), listeners (and one listener is open)",
  }),
  waitFor: option({
    flag: '--wait-for',
    env: 'MESH_SHIM_WAIT_FOR',
    value: 'ADDRESS',
    repeatable: true,
    parse: target,
    help: 'address to wait for once the sidecar is ready: http://..., tcp://HOST:PORT, unix:PATH, file:PATH (there and not empty), or postgres://HOST:PORT and the like (mysql, redis, amqp, kafka, mongodb); repeatable',
  }),
  mode: option({
    flag: '--mode',
    env: 'MESH_SHIM_MODE',
    value: 'MODE',
    default: 'auto',
    parse: oneOf(...modes),
    help: "auto: do not wait for a sidecar that is not named where nothing listens outside Kubernetes, nor for Istio's in an ambient pod; required: always wait; optional: like auto, but start the app after a timeout",
  }),
  timeoutMs: option({
    flag: '--timeout',
    env: 'MESH_SHIM_TIMEOUT',
    value: 'DURATION',
    default: '60s',
    parse: duration,
    help: 'limit of the whole wait; 0: no limit',
  }),
  onTimeout: option({
    flag: '--on-timeout',
    env: 'MESH_SHIM_ON_TIMEOUT',
    value: 'WHAT',
    default: 'exit',
    parse: oneOf('exit', 'start'),
    help: 'after a timeout: exit (with 69), or start the app anyway',
  }),
  probeTimeoutMs: option({
    flag: '--probe-timeout',
    env: 'MESH_SHIM_PROBE_TIMEOUT',
    value: 'DURATION',
    default: '5s',
    parse: duration,
    help: 'limit of one request; 0: no limit of its own',
  }),
  intervalMs: option({
    flag: '--interval',
    env: 'MESH_SHIM_INTERVAL',
    value: 'DURATION',
    default: '10ms',
    parse: positiveDuration,
    help: 'time between two requests at first; later up to 100ms',
  }),
  quit: option({
    flag: '--quit',
    env: 'MESH_SHIM_QUIT',
    value: 'WHEN',
    default: 'never',
    parse: oneOf('never', 'always', 'on-success'),
    help: 'tell the sidecar to quit when the app has ended: never, always, on-success (exit code 0)',
  }),
  quitUrl: option({
    flag: '--quit-url',
    env: 'MESH_SHIM_QUIT_URL',
    value: 'URL',
    defaultNote: 'of the profile',
    repeatable: true,
    parse: httpUrl,
    help: 'address that a POST is sent to, to make the sidecar quit; repeatable: each gets one; of one sidecar NAME=URL',
  }),
  quitHeader: option({
    flag: '--quit-header',
    env: 'MESH_SHIM_QUIT_HEADER',
    value: 'HEADER',
    defaultNote: "Dapr's token, from DAPR_API_TOKEN",
    parse: header,
    secret: true,
    help: 'sent with the quit, as in "NAME: VALUE"; a secret belongs into the variable or a file, which ps does not show',
  }),
  quitHeaderFile: option({
    flag: '--quit-header-file',
    env: 'MESH_SHIM_QUIT_HEADER_FILE',
    value: 'PATH',
    parse: filePath,
    help: 'file that holds the header; read when the sidecar is told',
  }),
  quitTimeoutMs: option({
    flag: '--quit-timeout',
    env: 'MESH_SHIM_QUIT_TIMEOUT',
    value: 'DURATION',
    default: '5s',
    parse: duration,
    help: 'limit of all attempts to make the sidecar quit; 0: no limit',
  }),
  supervise: option({
    flag: '--supervise',
    env: 'MESH_SHIM_SUPERVISE',
    default: 'false',
    parse: toggle,
    help: 'stay as the parent of the app, even if --quit does not need it',
  }),
  group: option({
    flag: '--group',
    env: 'MESH_SHIM_GROUP',
    default: 'false',
    parse: toggle,
    help: "stay as the parent, and send signals to the app's whole process group",
  }),
  subreaper: option({
    flag: '--subreaper',
    env: 'MESH_SHIM_SUBREAPER',
    default: 'false',
    parse: toggle,
    help: 'stay as the parent, and adopt orphaned processes even if not PID 1',
  }),
  terminationLog: option({
    flag: '--termination-log',
    env: 'MESH_SHIM_TERMINATION_LOG',
    value: 'PATH',
    default: '/dev/termination-log',
    parse: filePath,
    help: 'where the reason is left as well when the app does not start, for kubectl describe pod; only if the file exists',
  }),
  logLevel: option({
    flag: '--log-level',
    env: 'MESH_SHIM_LOG_LEVEL',
    value: 'LEVEL',
    default: 'info',
    parse: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
    help: 'lowest level to log: trace, debug, info, warn, error, fatal or silent',
  }),
  logFormat: option({
    flag: '--log-format',
    env: 'MESH_SHIM_LOG_FORMAT',
    value: 'FORMAT',
    default: 'auto',
    parse: oneOf('auto', 'json', 'text'),
    help: 'json (one line per entry, in the format of pino), text, or auto: text on a terminal, else json',
  }),
} as const;

export type OptionName = keyof typeof optionTable;

/** Texts by option, from one source. */
export type GivenValues = Map<OptionName, { readonly texts: readonly string[]; readonly source: string }>;

type ValueOf<Spec> =
  Spec extends OptionSpec<infer T> ? (Spec extends { readonly repeatable: true } ? readonly T[] : T) : never;

export interface Settings {
  readonly mesh: MeshSelection;
  readonly adminUrl: readonly OwnedAddress[];
  readonly readyUrl: readonly OwnedAddress[];
  /** Whose these two are. */
  readonly addresses: ReadonlyMap<Mesh, SidecarAddresses>;
  readonly proof: ValueOf<typeof optionTable.proof>;
  readonly waitFor: readonly WaitTarget[];
  readonly mode: ValueOf<typeof optionTable.mode>;
  readonly timeoutMs: number;
  readonly onTimeout: ValueOf<typeof optionTable.onTimeout>;
  readonly probeTimeoutMs: number;
  readonly intervalMs: number;
  readonly quit: ValueOf<typeof optionTable.quit>;
  readonly quitUrl: readonly OwnedAddress[];
  readonly quitHeader: string | undefined;
  readonly quitHeaderFile: string | undefined;
  readonly quitTimeoutMs: number;
  readonly supervise: boolean;
  readonly group: boolean;
  readonly subreaper: boolean;
  readonly terminationLog: string;
  readonly logLevel: ValueOf<typeof optionTable.logLevel>;
  readonly logFormat: ValueOf<typeof optionTable.logFormat>;
}
