import type { Fix } from '../../fix/fix.ts';
import type { Cluster } from '../../model/cluster.ts';
import type { InputName } from '../../model/inputs.ts';
import type { KubeObject } from '../../read/manifest.ts';
import type { Path } from '../../read/values.ts';

export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** One thing that goes wrong. `id` is API: suppressions, configuration and documentation name it. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** What it sees, in one line. */
  readonly title: string;
  /** What happens at run time, and why. */
  readonly why: string;
  /** How to cure it. */
  readonly fix: string;
  /** Limits, sources and what else to know; a paragraph each. */
  readonly docs: readonly string[];
  readonly check: (cluster: Cluster) => Iterable<Problem>;
}

/** A place where a rule applies. */
export interface Problem {
  readonly object: KubeObject;
  /** The key to blame. */
  readonly path: Path;
  /** What happens at run time, one sentence. */
  readonly message: string;
  /** Where it is milder or worse than the rule says. */
  readonly severity?: Severity;
  readonly restsOn?: readonly InputName[];
  readonly fix?: Fix;
}
