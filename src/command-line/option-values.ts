import type { Mesh, MeshSelection } from '../mesh/profiles/profiles.ts';
import type { OwnedAddress } from '../mesh/wait/sidecar-addresses.ts';
import type { SidecarAddresses } from '../mesh/wait/sidecar-gates.ts';
import type { WaitTarget } from '../mesh/wait/target.ts';
import type { OptionSpec } from './option-spec.ts';
import type { OptionName, optionTable } from './options.ts';

/** Texts by option, from one source. */
export type GivenValues = Map<OptionName, { readonly texts: readonly string[]; readonly source: string }>;

type ValueOf<Spec> = Spec extends OptionSpec<infer T> ? T : never;

/** What the options are set to. */
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
  readonly header: readonly string[];
  readonly quitHeader: string | undefined;
  readonly quitHeaderFile: string | undefined;
  readonly quitTimeoutMs: number;
  readonly supervise: boolean;
  readonly group: boolean;
  readonly groupGraceMs: number | undefined;
  readonly parentDeath: ValueOf<typeof optionTable.parentDeath> | undefined;
  readonly subreaper: boolean;
  readonly terminationLog: string;
  readonly logLevel: ValueOf<typeof optionTable.logLevel>;
  readonly logFormat: ValueOf<typeof optionTable.logFormat>;
}
