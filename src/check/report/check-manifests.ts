import { type Census, takeCensus } from '../model/census.ts';
import { buildCluster } from '../model/cluster.ts';
import { defaultInputs, type Inputs } from '../model/inputs.ts';
import { loadManifests, type SkippedDocument, type UnreadDocument } from '../read/load.ts';
import type { ManifestSource } from '../read/manifest.ts';
import { createLocator } from '../read/position.ts';
import { allRules } from '../rules/index.ts';
import type { Rule } from '../rules/shared/rule.ts';
import type { Finding } from './finding.ts';
import { orderFindings } from './order-findings.ts';
import { readSuppressions } from './read-suppressions.ts';
import { type SuppressedFinding, suppress } from './suppress.ts';
import { toFinding } from './to-finding.ts';

export interface CheckOptions {
  /** What is known of the cluster and the mesh. An input that is left out is assumed to be Istio's default. */
  readonly inputs?: Partial<Inputs> | undefined;
  /** Rules to check. Default: all. */
  readonly rules?: readonly Rule[] | undefined;
}

export interface CheckResult {
  /** In the order of files, lines and rules. */
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly unread: readonly UnreadDocument[];
  readonly skipped: readonly SkippedDocument[];
  /** How many Kubernetes objects were looked at. */
  readonly objects: number;
  /** Which workloads are in the mesh, and why: what the findings start from. */
  readonly census: Census;
}

/** Finds what will go wrong in these manifests. Pure: it reads no file, and changes nothing. */
export function checkManifests(sources: readonly ManifestSource[], options: CheckOptions = {}): CheckResult {
  const given: Partial<Inputs> = Object.fromEntries(
    Object.entries(options.inputs ?? {}).filter(([, value]) => value !== undefined),
  );
  const inputs: Inputs = { ...defaultInputs, ...given };
  const rules = options.rules ?? allRules;
  const loaded = loadManifests(sources, inputs.namespace);
  const cluster = buildCluster(loaded.objects, inputs);
  const order = new Map(loaded.objects.map((object, index) => [object, index]));
  // Object by object, since the locator keeps the syntax tree of one document only.
  const problems = rules
    .flatMap((rule) => [...rule.check(cluster)].map((problem) => ({ rule, problem })))
    .sort((a, b) => (order.get(a.problem.object) ?? 0) - (order.get(b.problem.object) ?? 0));
  const locate = createLocator();
  const found = problems.map(({ rule, problem }) => ({
    finding: toFinding(rule, problem, locate(problem.object, problem.path), cluster, given),
    object: problem.object,
  }));
  const known = allRules.map(({ id }) => id);
  const { findings, suppressed } = suppress(found, readSuppressions(loaded, known, locate), rules);
  const { objects, unread, skipped } = loaded;
  const census = takeCensus(cluster.workloads, (name) => cluster.namespace(name) !== undefined);
  return { findings: orderFindings(findings, sources), suppressed, unread, skipped, objects: objects.length, census };
}
