import { buildWorld, buildWorlds } from '../model/build-worlds.ts';
import { takeCensus } from '../model/census.ts';
import { defaultInputs, type Inputs } from '../model/inputs.ts';
import { loadManifests } from '../read/load.ts';
import type { KubeObject, ManifestSource } from '../read/manifest.ts';
import { createLocator } from '../read/position.ts';
import { allRules } from '../rules/index.ts';
import type { CheckOptions, CheckResult } from './check-result.ts';
import { findProblems } from './find-problems.ts';
import { FixTrial } from './fix-trial.ts';
import { adviseInput, type Found } from './input-advice.ts';
import { judgeFixes } from './judge-fixes.ts';
import { orderFindings } from './order-findings.ts';
import { readSuppressions } from './read-suppressions.ts';
import { suppress } from './suppress.ts';
import { toFinding } from './to-finding.ts';
import { unjudged } from './unjudged.ts';
import { withFix } from './with-fix.ts';

/** Finds what will go wrong in these manifests. Pure: it reads no file, and changes nothing. */
export function checkManifests(sources: readonly ManifestSource[], options: CheckOptions = {}): CheckResult {
  const given: Partial<Inputs> = Object.fromEntries(
    Object.entries(options.inputs ?? {}).filter(([, value]) => value !== undefined),
  );
  const rules = options.rules ?? allRules;
  const loaded = loadManifests(sources, given.namespace ?? defaultInputs.namespace);
  const find = (inputs: Partial<Inputs>): Found => {
    const clusters = buildWorlds(loaded.worlds, inputs, options.podTemplates);
    return { clusters, problems: findProblems(clusters, rules, loaded.objects, inputs) };
  };
  const { clusters, problems } = find(given);
  const locate = createLocator();
  const found = problems.map((entry) => ({
    entry,
    finding: toFinding(entry, locate(entry.problem.object, entry.problem.path), given),
    object: entry.problem.object,
  }));
  const known = allRules.map(({ id }) => id);
  const { findings, suppressed } = suppress(found, readSuppressions(loaded, known, locate), rules);
  const { objects, unread, skipped } = loaded;
  // What somebody has suppressed needs no settling and no fix.
  const reported = new Set(findings);
  const open = found.filter(({ finding }) => reported.has(finding)).map(({ entry }) => entry);
  const makeTrial = () => {
    const defaultNamespace = given.namespace ?? defaultInputs.namespace;
    const ground = {
      worlds: loaded.worlds,
      rules,
      defaultNamespace,
      build: (own: readonly KubeObject[]) => buildWorld(own, given, options.podTemplates),
    };
    return new FixTrial(
      ground,
      clusters.map(({ cluster }) => cluster),
      problems,
    );
  };
  const verdicts = judgeFixes(open, makeTrial);
  const entries = new Map(found.map(({ entry, finding }) => [finding, entry]));
  const advice = options.advise ? adviseInput(given, { clusters, problems: open }, find) : undefined;
  const files = new Set(loaded.documents.map(({ source }) => source));
  return {
    findings: orderFindings(
      findings.map((finding) => withFix(finding, entries.get(finding), verdicts)),
      [...files],
    ),
    suppressed,
    unread,
    skipped: [...skipped, ...unjudged(clusters.map(({ cluster }) => cluster))],
    objects: objects.length,
    census: takeCensus(clusters),
    ...(advice && { advice }),
  };
}
