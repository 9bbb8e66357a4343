import { groupBy } from '../model/group-by.ts';
import { severities } from '../rules/shared/rule.ts';
import type { Finding } from './finding.ts';

/** The findings of one rule at one severity. */
export interface FindingGroup {
  readonly rule: string;
  readonly severity: Finding['severity'];
  readonly findings: readonly Finding[];
  readonly kinds: readonly FindingKind[];
}

/** Findings that say the same, but for numbers and names. */
export interface FindingKind {
  /** What they say, where all say it to the letter. */
  readonly message: string | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Findings as people, annotations and SARIF show them: by severity, then by rule, then by what they say; within that in
 * their order.
 */
export function groupFindings(findings: readonly Finding[]): readonly FindingGroup[] {
  const groups = [...groupBy(findings, ({ severity, rule }) => `${severity} ${rule}`).values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    return [{ rule: first.rule, severity: first.severity, findings: own, kinds: kindsOf(own) }];
  });
  return groups.toSorted(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || (a.rule < b.rule ? -1 : 1),
  );
}

function kindsOf(findings: readonly Finding[]): readonly FindingKind[] {
  const shapes = new Map<string, string>();
  const shapeOfMessage = (finding: Finding) => {
    const shape = shapes.get(finding.message) ?? shapeOf(finding);
    shapes.set(finding.message, shape);
    return shape;
  };
  return [...groupBy(findings, shapeOfMessage).values()].map((own) => {
    const message = own[0]?.message;
    return { message: own.every((finding) => finding.message === message) ? message : undefined, findings: own };
  });
}

/** A message without what differs from place to place: quoted texts, numbers, and the names of objects. */
function shapeOf({ message, object }: Finding): string {
  return message
    .replaceAll(/[\w.-]+/g, (word) => (word === object?.name ? '*' : word))
    .replaceAll(/"[^"]*"/g, '"*"')
    .replaceAll(
      /\b(Deployment|StatefulSet|DaemonSet|Job|CronJob|Pod|ReplicaSet|Service|PeerAuthentication) \S+/g,
      '$1 *',
    )
    .replaceAll(/\d+/g, '#');
}
