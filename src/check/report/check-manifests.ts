import { takeCensus } from '../model/census.ts';
import { buildCluster } from '../model/cluster.ts';
import { defaultInputs, type Inputs } from '../model/inputs.ts';
import { loadManifests } from '../read/load.ts';
import type { ManifestSource } from '../read/manifest.ts';
import { createLocator } from '../read/position.ts';
import { allRules } from '../rules/index.ts';
import type { CheckOptions, CheckResult } from './check-result.ts';
import type { Finding } from './finding.ts';
import { adviseInput, type Found } from './input-advice.ts';
import { orderFindings } from './order-findings.ts';
import { readSuppressions } from './read-suppressions.ts';
import { suppress } from './suppress.ts';
import { toFinding } from './to-finding.ts';

/** Finds what will go wrong in these manifests. Pure: it reads no file, and changes nothing. */
export function checkManifests(sources: readonly ManifestSource[], options: CheckOptions = {}): CheckResult {
  const given: Partial<Inputs> = Object.fromEntries(
    Object.entries(options.inputs ?? {}).filter(([, value]) => value !== undefined),
  );
  const rules = options.rules ?? allRules;
  const loaded = loadManifests(sources, given.namespace ?? defaultInputs.namespace);
  const find = (inputs: Partial<Inputs>): Found => {
    const cluster = buildCluster(loaded.objects, { ...defaultInputs, ...inputs });
    return {
      cluster,
      problems: rules.flatMap((rule) => [...rule.check(cluster)].map((problem) => ({ rule, problem }))),
    };
  };
  const { cluster, problems } = find(given);
  const order = new Map(loaded.objects.map((object, index) => [object, index]));
  // Object by object, since the locator keeps the syntax tree of one document only.
  const ordered = problems.toSorted((a, b) => (order.get(a.problem.object) ?? 0) - (order.get(b.problem.object) ?? 0));
  const locate = createLocator();
  const found = ordered.map(({ rule, problem }) => ({
    finding: toFinding(rule, problem, locate(problem.object, problem.path), cluster, given),
    object: problem.object,
  }));
  const known = allRules.map(({ id }) => id);
  const { findings, suppressed } = suppress(found, readSuppressions(loaded, known, locate), rules);
  const { objects, unread, skipped } = loaded;
  // What somebody has suppressed needs no settling.
  const reported = new Set(findings);
  const open = ordered.filter((_, index) => reported.has(found[index]?.finding as Finding));
  const advice = options.advise ? adviseInput(given, { cluster, problems: open }, find) : undefined;
  return {
    findings: orderFindings(findings, sources),
    ...{ suppressed, unread, skipped, objects: objects.length },
    census: takeCensus(cluster.workloads, (name) => cluster.namespace(name) !== undefined),
    ...(advice && { advice }),
  };
}
