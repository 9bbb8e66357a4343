import { formatDuration } from '../../text/durations.ts';
import { answerOf } from '../answer.ts';
import type { Finding } from '../decide/finding.ts';
import type { Diagnosis, SidecarSeen } from '../pod/diagnose-sidecar.ts';
import { answerLines, commandLines, headline, type Layout, labelled } from './answer-text.ts';
import { shown } from './fill.ts';

/** A live sidecar in words: one cause with its answer, the others in short. */
export function diagnosisText({ sidecar, findings }: Diagnosis, most: number, layout: Layout): string {
  const [first, ...rest] = findings;
  if (first === undefined) {
    return [
      ...headline('No fault shows in this sidecar: it is ready, and nothing that it counts has failed.', layout),
      '',
      ...labelled('Is', describeSidecar(sidecar), layout),
      ...commandLines('Next', ['kubectl logs POD -c istio-proxy --since=10m | mesh-shim explain -'], layout),
      '',
    ].join('\n');
  }
  const answer = answerOf(first);
  return [
    ...headline(answer.says, layout),
    '',
    ...labelled('Is', describeSidecar(sidecar), layout),
    ...answerLines(answer, layout),
    ...rest.slice(0, most - 1).flatMap((finding) => ['', ...shortFinding(finding, layout)]),
    ...(rest.length >= most ? ['', `and ${rest.length - most + 1} more (--top ${rest.length + 1})`] : []),
    '',
  ].join('\n');
}

function shortFinding(finding: Finding, layout: Layout): string[] {
  const { says, now, because } = answerOf(finding);
  return [...headline(says, layout), ...labelled('Sure', shown(because), layout), ...labelled('Now', now, layout)];
}

function describeSidecar({ state, version, istio, uptimeSeconds, clusters }: SidecarSeen): string {
  return [
    istio === undefined ? 'Envoy' : `Istio ${istio}`,
    ...(version === undefined ? [] : [`Envoy ${version}`]),
    state ?? 'in an unknown state',
    ...(uptimeSeconds === null ? [] : [`up for ${formatDuration(uptimeSeconds * 1000)}`]),
    `${clusters} clusters`,
  ]
    .filter((part, index) => index > 0 || part !== 'Envoy' || version === undefined)
    .join(', ');
}
