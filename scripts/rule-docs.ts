import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { applyFixes } from '../src/check/apply-fixes.ts';
import { checkManifests, RULE_PAGES } from '../src/check/check-manifests.ts';
import type { Fix } from '../src/check/fix.ts';
import { formatText } from '../src/check/format/text.ts';
import type { Inputs } from '../src/check/inputs.ts';
import { ruleDescription } from '../src/check/rule-page.ts';

const FOLDER = 'docs/rules';
const FIXTURES = 'test/fixtures/check';

/** Every page of docs/rules by its file name: the rule's own text, and an example that was run through the checker. */
export function rulePages(): Map<string, string> {
  const pages = RULE_PAGES.map((rule) => [`${rule.id}.md`, ruleDescription(rule) + example(rule.id)] as const);
  const index = RULE_PAGES.map(({ id, severity, title }) => `| [${id}](${id}.md) | ${severity} | ${title} |`);
  const table = ['# Rules of mesh-shim check', '', '| rule | severity | sees |', '|---|---|---|', ...index, ''].join(
    '\n',
  );
  return new Map([...pages, ['README.md', table]]);
}

function example(id: string): string {
  if (!readdirSync(FIXTURES).includes(id)) return '';
  const marked = readFileSync(`${FIXTURES}/${id}/bad.yaml`, 'utf8');
  const source = { name: 'bad.yaml', text: marked.replace(/ # expect: .*$/gm, '') };
  const settings = readdirSync(`${FIXTURES}/${id}`).find((name) => name === 'mesh-shim.yaml');
  const inputs =
    settings === undefined ? {} : (parse(readFileSync(`${FIXTURES}/${id}/${settings}`, 'utf8')) as Partial<Inputs>);
  const result = checkManifests([source], { inputs });
  const { changed, created } = applyFixes(
    [source],
    result.fixes.filter((fix): fix is Fix => fix !== undefined),
  );
  const fixed = [...changed.map(({ text }) => text), ...created.map(({ text }) => text)].filter(
    (text) => text.trim() !== '',
  );
  return [
    '',
    '## Example',
    '',
    fence('yaml', source.text),
    '',
    fence('text', formatText(result, false)),
    ...(fixed.length === 0 ? [] : ['', 'With its fixes:', '', fence('yaml', fixed.join('---\n'))]),
    '',
  ].join('\n');
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

if (import.meta.main) {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of rulePages()) writeFileSync(`${FOLDER}/${name}`, text);
}
