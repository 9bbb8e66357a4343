import { allRules } from '../rules/index.ts';
import type { Rule } from '../rules/shared/rule.ts';
import { suppressionRules } from './suppress.ts';

/** All ids that a suppression, a configuration or `--explain` can name, and what stands behind them. */
export const documentedRules: readonly Omit<Rule, 'check'>[] = [...allRules, ...suppressionRules];

/** A rule in Markdown: the text of its page, of `--explain` and of SARIF's help. */
export function ruleDescription({ id, severity, title, why, fix, docs }: Omit<Rule, 'check'>): string {
  const more = docs.length === 0 ? [] : ['## Good to know', ...docs];
  const suppress = `To keep it as it is, say why: \`# mesh-shim-ignore ${id}: reason\`.`;
  const own = id.startsWith('suppression-') ? [] : [suppress];
  return `${[`# ${id}`, `${title}. Severity: ${severity}.`, '## What happens', why, '## Fix', fix, ...more, ...own].join('\n\n')}\n`;
}
