import type { Rule } from '../rules/shared/rule.ts';

/** A rule in Markdown: the text of its page, of `--explain` and of SARIF's help. */
export function ruleDescription({ id, severity, title, why, fix, docs }: Omit<Rule, 'check'>): string {
  const more = docs.length === 0 ? [] : ['## Good to know', ...docs];
  const suppress = `To keep it as it is, say why: \`# mesh-shim-ignore ${id}: reason\`.`;
  const own = id.startsWith('suppression-') ? [] : [suppress];
  return `${[`# ${id}`, `${title}. Severity: ${severity}.`, '## What happens', why, '## Fix', fix, ...more, ...own].join('\n\n')}\n`;
}
