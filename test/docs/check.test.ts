import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import * as library from '../../src/check/index.ts';
import { parseInjection } from '../../src/check/model/injection-input.ts';
import { formatText } from '../../src/check/report/text/format-text.ts';
import { check } from '../../src/tools/check/check.ts';
import { blockNamed } from '../helpers/page-blocks.ts';

const page = readFileSync('docs/check.md', 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text);

it('its census is what the checker says of such manifests', () => {
  const namespace = (name: string, label: string) =>
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {${label}}}\n`;
  const pods = (count: number, scope: string, label = 'a: b') =>
    Array.from(
      { length: count },
      (_, index) =>
        `apiVersion: v1\nkind: Pod\nmetadata: {name: ${scope}-${index}${label.length}, namespace: ${scope}, labels: {${label}}}\n`,
    );
  const documents = [
    namespace('in', 'istio-injection: enabled'),
    namespace('node', 'istio.io/dataplane-mode: ambient'),
    ...[...pods(180, 'in'), ...pods(14, 'in', 'sidecar.istio.io/inject: "false"')],
    ...[...pods(12, 'node'), ...pods(8, 'elsewhere')],
  ];
  const result = library.checkManifests([{ name: 'a', text: documents.join('---\n') }], { rules: [] });
  expect(blocks('text').map((text) => text.trimEnd())).toEqual([formatText(result).split('\n')[0]]);
});

it('injection by namespace is the same in the file and on the command line', () => {
  const [shown] = blocks('yaml').filter((text) => text.includes('legacy'));
  const option = /`--injection (\S+)`/.exec(page)?.[1] ?? '';
  expect(parseInjection(option)).toEqual(parse(shown ?? '').injection);
});

it('its commands have options that exist', () => {
  const used = blocks('sh').flatMap((text) => text.match(/--[a-z-]+/g) ?? []);
  expect(used.length).toBeGreaterThan(3);
  expect(used.filter((flag) => !check.options.some((option) => `--${option.flag}` === flag))).toEqual([]);
});

it('its program runs as it stands', () => {
  const snippet = blockNamed('docs/check.md#as-a-library').code;
  const text = readFileSync('test/fixtures/check/probe-host/bad.yaml', 'utf8');
  const lines: string[] = [];
  const body = snippet.replace(/^import .*$/m, '');
  const run = new Function('text', 'console', 'checkManifests', 'applyFixes', `${body}; return { changed, created };`);
  const { changed } = run(
    text,
    { log: (line: string) => lines.push(line) },
    library.checkManifests,
    library.applyFixes,
  );
  expect(lines).toEqual([
    '1 of 1 workloads get a sidecar',
    expect.stringMatching(/^web\.yaml:18 error probe-host: The rewritten readinessProbe calls .* drop host$/),
  ]);
  expect(changed[0].text).not.toContain('localhost');
});
