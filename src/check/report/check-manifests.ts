import { buildCluster } from '../model/cluster.ts';
import { defaultInputs, type Inputs } from '../model/inputs.ts';
import type { PodTemplatePath } from '../model/pod-templates.ts';
import { toldInputs } from '../model/told-inputs.ts';
import { loadManifests, type SkippedDocument, type UnreadDocument } from '../read/load.ts';
import type { ManifestSource } from '../read/manifest.ts';
import { createLocator } from '../read/position.ts';
import { allRules } from '../rules/index.ts';
import type { Rule } from '../rules/shared/rule.ts';
import { findProblems } from './find-problems.ts';
import type { Finding } from './finding.ts';
import { orderFindings } from './order-findings.ts';
import { readSuppressions } from './read-suppressions.ts';
import { type SuppressedFinding, suppress } from './suppress.ts';
import { toFinding } from './to-finding.ts';
import { unjudged } from './unjudged.ts';

export interface CheckOptions {
  /**
   * What is known of the cluster and the mesh. An input that is left out is read from the objects of the installation, where
   * these are among the sources; else it is assumed to be Istio's default.
   */
  readonly inputs?: Partial<Inputs> | undefined;
  /** Kinds that make pods and are not known: where their pod templates stand. */
  readonly podTemplates?: readonly PodTemplatePath[] | undefined;
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
}

/** Finds what will go wrong in these manifests. Pure: it reads no file, and changes nothing. */
export function checkManifests(sources: readonly ManifestSource[], options: CheckOptions = {}): CheckResult {
  const given: Partial<Inputs> = Object.fromEntries(
    Object.entries(options.inputs ?? {}).filter(([, value]) => value !== undefined),
  );
  const rules = options.rules ?? allRules;
  const loaded = loadManifests(sources, given.namespace ?? defaultInputs.namespace);
  const clusters = loaded.worlds.map(({ name, objects }) => {
    const told = toldInputs(objects);
    const values = Object.fromEntries([...told].map(([input, { value }]) => [input, value]));
    return { world: name, told, cluster: buildCluster(objects, { ...defaultInputs, ...values, ...given }, options) };
  });
  const toldIn = new Map(clusters.map(({ cluster, told }) => [cluster, told]));
  const locate = createLocator();
  const found = findProblems(clusters, rules, loaded.objects).map(({ rule, problem, only, cluster }) => {
    const known = { inputs: cluster.inputs, given, told: toldIn.get(cluster) ?? new Map() };
    const position = { ...locate(problem.object, problem.path), only };
    return { finding: toFinding(rule, problem, position, known), object: problem.object };
  });
  const known = allRules.map(({ id }) => id);
  const { findings, suppressed } = suppress(found, readSuppressions(loaded, known, locate), rules);
  const { objects, unread, skipped } = loaded;
  const files = new Set(loaded.documents.map(({ source }) => source));
  return {
    findings: orderFindings(findings, [...files]),
    suppressed,
    unread,
    skipped: [...skipped, ...unjudged(clusters.map(({ cluster }) => cluster))],
    objects: objects.length,
  };
}
