import { toYaml } from '../fix/apply-fixes.ts';
import { type Fix, type JsonPatchOperation, jsonPatch } from '../fix/fix.ts';
import { buildCluster } from '../model/cluster.ts';
import { defaultInputs, type InputName, type Inputs, inputTable } from '../model/inputs.ts';
import { loadManifests, type SkippedDocument, type UnreadDocument } from '../read/load.ts';
import type { KubeObject, ManifestSource } from '../read/manifest.ts';
import { createLocator, type Position } from '../read/position.ts';
import { allRules } from '../rules/index.ts';
import { type Problem, type Rule, type Severity, severities } from '../rules/shared/rule.ts';
import { readSuppressions, type Suppression } from './suppress.ts';

export interface CheckOptions {
  /** What is known of the cluster and the mesh. An input that is left out is assumed to be Istio's default. */
  readonly inputs?: Partial<Inputs> | undefined;
  /** Rules to check. Default: all. */
  readonly rules?: readonly Rule[] | undefined;
}

/** An input that a finding rests on. */
export interface InputUse {
  readonly input: InputName;
  readonly value: string;
  /** Whether the caller gave it; else it is assumed. */
  readonly given: boolean;
}

export interface FindingFix {
  readonly title: string;
  readonly certain: boolean;
  /** For objects that are in a cluster already: RFC 6902, as `kubectl patch --type=json` takes it. Empty `operations`: delete it. */
  readonly patches: readonly { readonly object: FindingObject; readonly operations: readonly JsonPatchOperation[] }[];
  /** New objects, as YAML. */
  readonly manifests: readonly string[];
  readonly inputs?: Partial<Inputs>;
}

export interface FindingObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** What happens at run time. */
  readonly message: string;
  readonly object?: FindingObject;
  readonly file: string;
  /** 1-based, of the key. */
  readonly line: number;
  readonly column: number;
  /** The key's way in its object, `spec.ports[0].name`. */
  readonly path: string;
  readonly restsOn: readonly InputUse[];
  readonly fix?: FindingFix;
  /** The rule's page, from the root of mesh-shim's documentation. */
  readonly docs: string;
}

export interface CheckResult {
  /** In the order of files, lines and rules. */
  readonly findings: readonly Finding[];
  readonly suppressed: readonly (Finding & { readonly reason: string })[];
  readonly unread: readonly UnreadDocument[];
  readonly skipped: readonly SkippedDocument[];
  /** How many Kubernetes objects were looked at. */
  readonly objects: number;
  /** The fixes behind the findings, for {@link applyFixes}; the index is that of `findings`. */
  readonly fixes: readonly (Fix | undefined)[];
}

/** Reported by the checker about suppressions; they have a page like the rules have. */
export const suppressionRules = [
  {
    id: 'suppression-invalid',
    severity: 'warning',
    title: 'A suppression without a reason, or of a rule that does not exist',
    why: 'It suppresses nothing.',
    fix: '`# mesh-shim-ignore rule-id: reason`.',
    docs: [],
  },
  {
    id: 'suppression-unused',
    severity: 'warning',
    title: 'A suppression that suppresses nothing',
    why: 'What it was for is gone: left in place it would hide the next finding of its rule.',
    fix: 'Remove it.',
    docs: [],
  },
] as const;

/** All ids that a suppression, a configuration or `--explain` can name, and what stands behind them. */
export const documentedRules: readonly Omit<Rule, 'check'>[] = [...allRules, ...suppressionRules];

/** Finds what will go wrong in these manifests. Pure: it reads no file, and changes nothing. */
export function checkManifests(sources: readonly ManifestSource[], options: CheckOptions = {}): CheckResult {
  const given = Object.fromEntries(Object.entries(options.inputs ?? {}).filter(([, value]) => value !== undefined));
  const inputs: Inputs = { ...defaultInputs, ...given };
  const rules = options.rules ?? allRules;
  const { objects, unread, skipped } = loadManifests(sources, inputs.namespace);
  const cluster = buildCluster(objects, inputs);
  const locate = createLocator();
  const found: Found[] = [];
  const problems = rules.flatMap((rule) => [...rule.check(cluster)].map((problem) => ({ rule, problem })));
  const order = new Map(objects.map((object, index) => [object, index]));
  problems.sort((a, b) => (order.get(a.problem.object) ?? 0) - (order.get(b.problem.object) ?? 0));
  for (const { rule, problem } of problems) {
    const position = locate(problem.object, problem.path);
    found.push({
      finding: toFinding(rule, problem, position, inputs, given),
      fix: problem.fix,
      object: problem.object,
    });
  }
  const suppressions = readSuppressions(
    sources,
    objects,
    allRules.map(({ id }) => id),
    locate,
  );
  return { ...suppress(found, suppressions, sources, rules), unread, skipped, objects: objects.length };
}

function toFinding(rule: Rule, problem: Problem, position: Position, inputs: Inputs, given: object): Finding {
  const uses = [...new Set(problem.restsOn)].map((input) => ({
    input,
    value: String(inputs[input] ?? 'unknown'),
    given: Object.hasOwn(given, input),
  }));
  const guessed = uses.some(
    ({ input, given }) => !given && inputTable.some(({ name, varies }) => name === input && varies),
  );
  const severity = problem.severity ?? rule.severity;
  return {
    rule: rule.id,
    severity: severity === 'error' && guessed ? 'warning' : severity,
    message: problem.message,
    object: identify(problem.object),
    file: problem.object.document.source.name,
    ...position,
    path: spellPath(problem.path),
    restsOn: uses,
    ...(problem.fix === undefined ? {} : { fix: describeFix(problem.fix) }),
    docs: docsPage(rule.id),
  };
}

export function docsPage(rule: string): string {
  return `docs/rules/${rule}.md`;
}

function describeFix({ title, certain, changes, creates = [], inputs }: Fix): FindingFix {
  const patches = [...new Set(changes.map(({ object }) => object))].map((object) => ({
    object: identify(object),
    operations: changes
      .filter((change) => change.object === object)
      .flatMap(({ edit }) => jsonPatch(object.data, edit)),
  }));
  return { title, certain, patches, manifests: creates.map(toYaml), ...(inputs === undefined ? {} : { inputs }) };
}

function identify({ apiVersion, kind, namespace, name }: KubeObject): FindingObject {
  return { apiVersion, kind, namespace, name };
}

function spellPath(path: Problem['path']): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : /^\w+$/.test(step) ? `.${step}` : `["${step}"]`))
    .join('')
    .replace(/^\./, '');
}

interface Found {
  readonly finding: Finding;
  readonly fix: Fix | undefined;
  readonly object: KubeObject;
}

function suppress(
  found: readonly Found[],
  { valid, invalid }: ReturnType<typeof readSuppressions>,
  sources: readonly ManifestSource[],
  rules: readonly Rule[],
): Pick<CheckResult, 'findings' | 'suppressed' | 'fixes'> {
  const used = new Set<Suppression>();
  const suppressed: (Finding & { reason: string })[] = [];
  const kept = found.filter(({ finding, object }) => {
    const covers = ({ file, from, to, object: whole }: Suppression) =>
      whole === undefined ? file === finding.file && from <= finding.line && finding.line <= to : whole === object;
    const by = valid.find((suppression) => suppression.rule === finding.rule && covers(suppression));
    if (by === undefined) return true;
    used.add(by);
    suppressed.push({ ...finding, reason: by.reason });
    return false;
  });
  const about = (rule: string, at: { file: string; line: number; column: number }, message: string) => ({
    finding: {
      rule,
      severity: 'warning' as const,
      message,
      file: at.file,
      line: at.line,
      column: at.column,
      path: '',
      restsOn: [],
      docs: docsPage(rule),
    },
    fix: undefined,
  });
  const unused = valid.filter(
    (suppression) => !used.has(suppression) && rules.some(({ id }) => id === suppression.rule),
  );
  const all = [
    ...kept,
    ...invalid.map((entry) => about('suppression-invalid', entry, `It suppresses nothing: ${entry.message}.`)),
    ...unused.map((entry) =>
      about('suppression-unused', entry, `There is no finding of ${entry.rule} here to suppress.`),
    ),
  ];
  const files = new Map(sources.map(({ name }, index) => [name, index]));
  all.sort((a, b) => compare(a.finding, b.finding, files));
  return { findings: all.map(({ finding }) => finding), fixes: all.map(({ fix }) => fix), suppressed };
}

function compare(a: Finding, b: Finding, files: ReadonlyMap<string, number>): number {
  return (
    (files.get(a.file) ?? 0) - (files.get(b.file) ?? 0) ||
    a.line - b.line ||
    a.column - b.column ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    (a.rule < b.rule ? -1 : 1)
  );
}
