import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatBaseline, parseBaseline, withoutKnown } from '../../check/report/baseline.ts';
import type { CheckResult } from '../../check/report/check-result.ts';
import { documentedRules } from '../../check/report/rule-page.ts';
import { suppressionRules } from '../../check/report/suppress.ts';
import type { Rule } from '../../check/rules/shared/rule.ts';
import { plural } from '../../text/plural.ts';
import { attempt } from '../attempt.ts';
import { ToolError, type ToolIo } from '../tool.ts';

/**
 * The result without what the file of --baseline holds; with --write-baseline, that file is written first.
 *
 * @throws ToolError when the file cannot be read or written, or is no baseline
 */
export function compareWithBaseline(
  result: CheckResult,
  values: ReadonlyMap<string, string>,
  rules: readonly Rule[],
  io: ToolIo,
): CheckResult {
  const name = values.get('baseline');
  const writes = values.has('write-baseline');
  if (name === undefined) {
    if (writes) throw new ToolError('--write-baseline needs --baseline FILE; name the file to write');
    return result;
  }
  const path = resolve(io.cwd, name);
  if (writes) {
    attempt(`write ${name}`, () => writeFileSync(path, formatBaseline(result.findings)));
    io.stderr.write(`mesh-shim: wrote ${name}: ${plural(result.findings.length, 'finding')}\n`);
  }
  if (!existsSync(path)) {
    throw new ToolError(`cannot read ${name}: no such file or directory; write it with --write-baseline`);
  }
  const baseline = parseBaseline(attempt(`read ${name}`, () => readFileSync(path, 'utf8')));
  if (baseline === undefined) {
    throw new ToolError(`${name} is no baseline of mesh-shim check; write one with --write-baseline`);
  }
  const ran = [...rules, ...suppressionRules].map(({ id }) => id);
  const unknown = baseline.map((line) => line.split(' ')[0] ?? '').filter((id) => !isKnown(id));
  return withoutKnown(result, baseline, [...ran, ...unknown]);
}

function isKnown(id: string): boolean {
  return documentedRules.some((rule) => rule.id === id);
}
