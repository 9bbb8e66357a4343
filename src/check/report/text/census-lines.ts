import { listed } from '../../../text/listed.ts';
import { plural } from '../../../text/plural.ts';
import type { Census, Headcount, NamespaceCensus } from '../../model/census.ts';
import { type MembershipReason, membershipReasons } from '../../model/membership-reasons.ts';
import { indented } from './indent.ts';

/** Who is in the mesh, and what to say where the files leave it open. */
export function censusLines(census: Census, width: number, verbose: boolean): string[] {
  if (census.workloads === 0) return [];
  return [
    ...indented(
      `${plural(census.workloads, 'workload')}${census.clusters > 1 ? ` in ${census.clusters} clusters` : ''}: ${spell(census)}.`,
      0,
      width,
    ),
    ...(verbose ? census.namespaces.flatMap((own) => namespaceLines(own, width)) : []),
    ...advice(census).flatMap((text) => indented(text, 0, width)),
    '',
  ];
}

function namespaceLines(own: NamespaceCensus, width: number): string[] {
  return indented(`${own.namespace}${own.world === undefined ? '' : ` (${own.world})`}: ${spell(own)}`, 2, width, 2);
}

function spell({ reasons }: Headcount): string {
  const found = Object.entries(reasons) as [MembershipReason, number][];
  const sidecars = found.filter(([reason]) => membershipReasons[reason].place === 'sidecar' && reason !== 'assumed');
  const count = sidecars.reduce((sum, [, own]) => sum + own, 0);
  const why = sidecars.map(([reason, own]) => {
    const { text } = membershipReasons[reason];
    return sidecars.length === 1 ? text : `${text} ${number(own)}`;
  });
  const others = found
    .filter((entry) => !sidecars.includes(entry))
    .map(([reason, own]) => `${number(own)} ${membershipReasons[reason].text}`);
  return [...(count === 0 ? [] : [`${number(count)} with a sidecar (${why.join(', ')})`]), ...others].join(', ');
}

function advice({ namespaces }: Census): string[] {
  const unlabelled = namespaces.filter(({ reasons }) => reasons['namespace-unlabelled'] !== undefined);
  const assumed = namespaces.filter(({ reasons }) => reasons.assumed !== undefined);
  const [outside, unknown] = [namesOf(unlabelled), namesOf(assumed)];
  const [first] = outside;
  const one = outside.length === 1;
  return [
    ...(first === undefined
      ? []
      : [
          `${one ? 'Namespace' : 'Namespaces'} ${listed(outside)} ${one ? 'has' : 'have'} no injection label in the files: taken to be outside the mesh. If ${one ? 'it is' : 'they are'} labelled in the cluster, say ${one ? `--injection ${first}=true` : '--injection true, or NAMESPACE=true for some'}.`,
        ]),
    ...(unknown.length === 0
      ? []
      : [
          `Not in the files: ${unknown.length === 1 ? 'Namespace' : 'Namespaces'} ${listed(unknown)}. Say --injection true if ${unknown.length === 1 ? 'its' : 'their'} pods get sidecars, else false, or NAMESPACE=false for some.`,
        ]),
  ];
}

/** Each once: several clusters may have a namespace of that name. */
function namesOf(namespaces: readonly NamespaceCensus[]): string[] {
  return [...new Set(namespaces.map(({ namespace }) => namespace))];
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}
