import type { CheckResult } from './check-result.ts';
import type { Finding } from './finding.ts';

/** Line ends, what steers a terminal, and what turns the direction of writing. */
const unprintable = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** A text of somebody's file on one line: what would steer the terminal, or end the line, is shown instead of sent. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code}`;
  });
}

/** A result whose texts can be printed line by line; fixes stay as they are. */
export function printableResult(result: CheckResult): CheckResult {
  const { findings, unread, skipped, census, baseline } = result;
  return {
    ...result,
    findings: findings.map(printableFinding),
    unread: unread.map((place) => ({ ...place, file: printable(place.file), message: printable(place.message) })),
    skipped: skipped.map((place) => ({ ...place, file: printable(place.file), reason: printable(place.reason) })),
    census: {
      ...census,
      namespaces: census.namespaces.map((own) => ({
        ...own,
        namespace: printable(own.namespace),
        ...(own.world !== undefined && { world: printable(own.world) }),
      })),
    },
    ...(baseline && { baseline: { ...baseline, gone: baseline.gone.map(printable) } }),
  };
}

function printableFinding(finding: Finding): Finding {
  const { object, worlds, restsOn } = finding;
  const [kind, namespace, name] = [object?.kind, object?.namespace, object?.name].map((text) => printable(text ?? ''));
  return {
    ...finding,
    file: printable(finding.file),
    message: printable(finding.message),
    ...(worlds && { worlds: worlds.map(printable) }),
    restsOn: restsOn.map((use) => (use.by === undefined ? use : { ...use, by: printable(use.by) })),
    ...(object && { object: { ...object, kind: kind ?? '', namespace: namespace ?? '', name: name ?? '' } }),
  };
}
