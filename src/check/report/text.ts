import { styleText } from 'node:util';
import { plural } from '../../text/plural.ts';
import type { FindingFix } from '../fix/finding-fix.ts';
import { objectName } from '../read/manifest.ts';
import type { CheckResult } from './check-manifests.ts';
import type { Finding } from './finding.ts';

type Style = Parameters<typeof styleText>[0];

const severityColours = { error: 'red', warning: 'yellow', info: 'blue' } as const;

/** For people: findings grouped by object, each with its fix, and a summary. */
export function formatText(result: CheckResult, colour: boolean): string {
  const paint = (style: Style, text: string) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const lines: string[] = [];
  let group = '';
  for (const finding of result.findings) {
    const title = finding.object === undefined ? finding.file : `${objectName(finding.object)}  ${finding.file}`;
    if (title !== group) lines.push(...(group === '' ? [] : ['']), paint('bold', title));
    group = title;
    const severity = paint(severityColours[finding.severity], finding.severity);
    lines.push(
      `  ${finding.file}:${finding.line}:${finding.column} ${severity} ${finding.rule}`,
      `    ${finding.message}`,
    );
    if (finding.worlds !== undefined) lines.push(`    only in ${finding.worlds.join(', ')}`);
    if (finding.restsOn.length > 0) lines.push(`    depends on ${finding.restsOn.map(spellUse).join(', ')}`);
    if (finding.fix !== undefined) lines.push(...fixLines(finding.fix).map((line) => `    ${line}`));
    lines.push(paint('dim', `    ${finding.docs}`));
  }
  if (lines.length > 0) lines.push('');
  for (const { file, line, column, message } of result.unread)
    lines.push(`${file}:${line}:${column} ${paint('red', 'not checked')}: ${message}`);
  for (const { file, line, reason } of result.skipped) lines.push(`${file}:${line} skipped: ${reason}`);
  lines.push(summary(result));
  return lines.map((line) => `${line}\n`).join('');
}

function spellUse({ input, value, given, by }: Finding['restsOn'][number]): string {
  return `${input} ${value} (${given ? 'given' : (by ?? 'assumed')})`;
}

function fixLines({ title, patches, manifests, inputs }: FindingFix): string[] {
  const lines = [`fix: ${title}`];
  for (const { object, operations } of patches) {
    const scope = object.kind === 'Namespace' ? '' : ` -n ${object.namespace}`;
    const [group, version] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : ['', ''];
    const resource = group === '' ? object.kind.toLowerCase() : `${object.kind.toLowerCase()}.${version}.${group}`;
    const patch = JSON.stringify(operations).replaceAll("'", "'\\''");
    lines.push(
      operations.length === 0
        ? `  kubectl delete ${resource} ${object.name}${scope}`
        : `  kubectl patch ${resource} ${object.name}${scope} --type=json -p '${patch}'`,
    );
  }
  for (const manifest of manifests)
    lines.push(
      ...manifest
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`),
    );
  for (const [input, value] of Object.entries(inputs ?? {}))
    lines.push(`  then set in mesh-shim.yaml: ${input}: ${String(value)}`);
  return lines;
}

function summary({ findings, suppressed, unread, objects }: CheckResult): string {
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const parts = [
    `${plural(objects, 'object')} checked`,
    `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}, ${count('info')} info`,
    ...(suppressed.length === 0 ? [] : [`${suppressed.length} suppressed`]),
    ...(unread.length === 0 ? [] : [`${plural(unread.length, 'document')} not checked`]),
  ];
  return parts.join('; ');
}
