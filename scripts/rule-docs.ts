import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { applyFixes } from '../src/check/fix/apply-fixes.ts';
import { type Inputs, inputTable } from '../src/check/model/inputs.ts';
import { checkManifests } from '../src/check/report/check-manifests.ts';
import { documentedRules, ruleDescription } from '../src/check/report/rule-page.ts';
import { formatText } from '../src/check/report/text/format-text.ts';

const pagesFolder = 'docs/rules';
const fixtureFolder = 'test/fixtures/check';

/** Every page of docs/rules by its file name: the rule's own text, and an example that was run through the checker. */
export function rulePages(): Map<string, string> {
  const pages = documentedRules.map((rule) => [`${rule.id}.md`, ruleDescription(rule) + example(rule.id)] as const);
  const index = documentedRules.map(({ id, severity, title }) => `| [${id}](${id}.md) | ${severity} | ${title} |`);
  const table = ['# Rules of mesh-shim check', '', '| rule | severity | sees |', '|---|---|---|', ...index, ''].join(
    '\n',
  );
  return new Map([...pages, ['README.md', table]]);
}

function example(id: string): string {
  if (!readdirSync(fixtureFolder).includes(id)) return '';
  const marked = readFileSync(`${fixtureFolder}/${id}/bad.yaml`, 'utf8');
  const source = { name: 'bad.yaml', text: marked.replace(/ # expect: .*$/gm, '') };
  const settings = readdirSync(`${fixtureFolder}/${id}`).find((name) => name === 'mesh-shim.yaml');
  const own =
    settings === undefined
      ? {}
      : (parse(readFileSync(`${fixtureFolder}/${id}/${settings}`, 'utf8')) as Partial<Inputs>);
  const inputs: Partial<Inputs> = { injection: true, ...own };
  const flags = inputTable.flatMap(({ name, flag }) => (name in inputs ? [`--${flag} ${String(inputs[name])}`] : []));
  const result = checkManifests([source], { inputs });
  const { changed, created } = applyFixes(result.findings);
  const fixed = [...changed.map(({ text }) => text), ...created.map(({ text }) => text)].filter(
    (text) => text.trim() !== '',
  );
  return [
    '',
    '## Example',
    '',
    fence('yaml', source.text),
    '',
    `\`mesh-shim check --show-fixes ${flags.join(' ')} bad.yaml\``,
    '',
    fence('text', formatText(result, { width: 100, showFixes: true })),
    ...(fixed.length === 0 ? [] : ['', 'With its fixes:', '', fence('yaml', fixed.join('---\n'))]),
    '',
  ].join('\n');
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

if (import.meta.main) {
  rmSync(pagesFolder, { recursive: true, force: true });
  mkdirSync(pagesFolder, { recursive: true });
  for (const [name, text] of rulePages()) writeFileSync(`${pagesFolder}/${name}`, text);
}
