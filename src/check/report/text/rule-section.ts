import { plural } from '../../../text/plural.ts';
import { groupBy } from '../../model/group-by.ts';
import { objectName } from '../../read/manifest.ts';
import type { Finding, InputUse } from '../finding.ts';
import type { FindingGroup, FindingKind } from '../group-findings.ts';
import { isAssumed } from '../input-uses.ts';
import { printable } from '../printable.ts';
import { documentedRules } from '../rule-page.ts';
import { fixLines } from './fix-lines.ts';
import { fixSummary } from './fix-summary.ts';
import { indented } from './indent.ts';
import type { SectionLook } from './text-options.ts';

const severityColours = { error: 'red', warning: 'yellow', info: 'blue' } as const;

/** Objects of one kind of message that are shown, kinds of a rule, and how many more must be left out to leave them out. */
const mostShown = 3;
const mostKinds = 4;
const fewest = 3;

/** A rule with its places: what they say once, where they all say it, and a few of many. */
export function ruleSection(group: FindingGroup, look: SectionLook): string[] {
  const { paint, width } = look;
  const severity = paint(severityColours[group.severity], group.severity);
  const title = documentedRules.find(({ id }) => id === group.rule)?.title ?? '';
  const kinds = foldKinds(group.kinds, look.verbose);
  const alone = kinds.length === 1 && kinds[0]?.message !== undefined;
  const hidden = group.findings.length - kinds.reduce((sum, { findings }) => sum + findings.length, 0);
  return [
    `${severity} ${paint('bold', group.rule)} (${plural(group.findings.length, 'place')})`,
    ...(alone ? [] : indented(`${title}.`, 2, width)),
    ...kinds.flatMap((kind) => kindLines(kind, look)),
    ...(hidden === 0 ? [] : [`    and ${hidden.toLocaleString('en-US')} more of this rule`]),
    ...assumptions(group.findings)
      .flatMap((text) => indented(text, 2, width, 2))
      .map((line) => paint('dim', line)),
    // Where each place shows its fix, they are told apart there.
    ...(look.showFixes ? [] : fixSummary(group.findings)).flatMap((text) => indented(text, 2, width, 2)),
    '',
  ];
}

function foldKinds(kinds: readonly FindingKind[], verbose: boolean): readonly FindingKind[] {
  return verbose || kinds.length < mostKinds + fewest ? kinds : kinds.slice(0, mostKinds);
}

function kindLines({ message, findings }: FindingKind, look: SectionLook): string[] {
  const objects = [...groupBy(findings, (finding) => placeKey(finding, message)).values()];
  const shown = look.verbose || objects.length < mostShown + fewest ? objects : objects.slice(0, mostShown);
  const hidden = objects.slice(shown.length).reduce((sum, own) => sum + own.length, 0);
  return [
    ...(message === undefined ? [] : indented(message, 2, look.width)),
    ...shown.flatMap((own) => placeLines(own, message === undefined, look)),
    ...(hidden === 0 ? [] : [`    and ${hidden.toLocaleString('en-US')} more like this`]),
  ];
}

/** Places of one object that say the same stand on one line. */
function placeKey(finding: Finding, message: string | undefined): string {
  const { object, file, worlds = [] } = finding;
  const name = object === undefined ? '' : objectName(object);
  return [name, file, message === undefined ? finding.message : '', ...worlds].join('\0');
}

function placeLines(findings: readonly Finding[], withMessage: boolean, look: SectionLook): string[] {
  const [first, ...others] = findings;
  if (first === undefined) return [];
  const more = others.map(({ line, column }) => `:${line}:${column}`).join(', ');
  const place = `${first.file}:${first.line}:${first.column}${more === '' ? '' : `, ${more}`}`;
  const name = first.object === undefined ? '' : objectName(first.object);
  return [
    ...(4 + place.length + 2 + name.length <= look.width
      ? [`    ${place}  ${look.paint('dim', name)}`.trimEnd()]
      : [`    ${place}`, `      ${look.paint('dim', name)}`]),
    ...(withMessage ? indented(first.message, 6, look.width) : []),
    ...(first.worlds === undefined ? [] : indented(`only in ${first.worlds.join(', ')}`, 6, look.width, 2)),
    ...(look.showFixes ? findings.flatMap((finding) => cureLines(finding, look.width)) : []),
  ];
}

function cureLines({ fix, byHand }: Finding, width: number): string[] {
  if (fix !== undefined) return fixLines(fix, 6, width);
  return byHand === undefined ? [] : indented(printable(byHand), 6, width, 2);
}

/** What the findings rest on that nobody has said, and what objects of the files say. */
function assumptions(findings: readonly Finding[]): string[] {
  const uses = findings.flatMap(({ restsOn }) => restsOn);
  const spell = (lead: string, own: readonly InputUse[]) => {
    const groups = groupBy(own, ({ input, value, by }) => `${input} ${value}${by === undefined ? '' : ` (${by})`}`);
    const texts = [...groups].map(([text, { length }]) =>
      length === findings.length ? text : `${text} (${length.toLocaleString('en-US')} of them)`,
    );
    return texts.length === 0 ? [] : [`${lead}: ${texts.join(', ')}.`];
  };
  const told = uses.filter(({ by }) => by !== undefined);
  return [...spell('Assumed', uses.filter(isAssumed)), ...spell('Read from the files', told)];
}
