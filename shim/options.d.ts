import type { Endpoint } from '../src/mesh/ask/endpoint.ts';
import type { MeshSelection } from '../src/mesh/wait/sidecar-gates.ts';
import type { WaitTarget } from '../src/mesh/wait/target.ts';
import { type Parser } from './option-parsers.ts';

interface OptionSpec<T> {
  readonly flag: `--${string}`;
  readonly env: `MESH_SHIM_${string}`;
  /** In help: the kind of value; a flag without one is a switch. */
  readonly value?: string;
  /** As the user would write it; undefined: nothing, or the profile decides. */
  readonly default?: string;
  /** How help and README name a default that is no fixed text. */
  readonly defaultNote?: string;
  /** May be given more than once; in the variable, separated by commas or blanks. */
  readonly repeatable?: true;
  readonly parse: Parser<T>;
  readonly help: string;
}
/** The one table of options. Help, README and the reading of flags and variables are made from it, or tested against it. */
export declare const optionTable: {
  readonly mesh: OptionSpec<MeshSelection>;
  readonly adminUrl: OptionSpec<Endpoint>;
  readonly readyUrl: OptionSpec<Endpoint>;
  readonly waitFor: OptionSpec<WaitTarget>;
  readonly mode: OptionSpec<'auto' | 'optional' | 'required'>;
  readonly timeoutMs: OptionSpec<number>;
  readonly onTimeout: OptionSpec<'exit' | 'start'>;
  readonly probeTimeoutMs: OptionSpec<number>;
  readonly intervalMs: OptionSpec<number>;
  readonly quit: OptionSpec<'always' | 'never' | 'on-success'>;
  readonly quitUrl: OptionSpec<Endpoint>;
  readonly quitTimeoutMs: OptionSpec<number>;
  readonly supervise: OptionSpec<boolean>;
  readonly group: OptionSpec<boolean>;
  readonly subreaper: OptionSpec<boolean>;
  readonly logLevel: OptionSpec<'debug' | 'error' | 'fatal' | 'info' | 'silent' | 'trace' | 'warn'>;
  readonly logFormat: OptionSpec<'auto' | 'json' | 'text'>;
};
export type OptionName = keyof typeof optionTable;
/** Texts by option, from one source. */
export type GivenValues = Map<
  OptionName,
  {
    readonly texts: readonly string[];
    readonly source: string;
  }
>;
type ValueOf<Spec> =
  Spec extends OptionSpec<infer T>
    ? Spec extends {
        readonly repeatable: true;
      }
      ? readonly T[]
      : T
    : never;
export interface Settings {
  readonly mesh: MeshSelection;
  readonly adminUrl: Endpoint | undefined;
  readonly readyUrl: Endpoint | undefined;
  readonly waitFor: readonly WaitTarget[];
  readonly mode: ValueOf<typeof optionTable.mode>;
  readonly timeoutMs: number;
  readonly onTimeout: ValueOf<typeof optionTable.onTimeout>;
  readonly probeTimeoutMs: number;
  readonly intervalMs: number;
  readonly quit: ValueOf<typeof optionTable.quit>;
  readonly quitUrl: readonly Endpoint[];
  readonly quitTimeoutMs: number;
  readonly supervise: boolean;
  readonly group: boolean;
  readonly subreaper: boolean;
  readonly logLevel: ValueOf<typeof optionTable.logLevel>;
  readonly logFormat: ValueOf<typeof optionTable.logFormat>;
}
