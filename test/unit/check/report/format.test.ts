import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';
import { formatGithub } from '../../../../src/check/report/github.ts';
import { formatJson } from '../../../../src/check/report/json.ts';
import { formatSarif } from '../../../../src/check/report/sarif.ts';
import { formatText } from '../../../../src/check/report/text.ts';

const source = (rule: string) => ({
  name: `a folder/${rule}.yaml`,
  text: readFileSync(`test/fixtures/check/${rule}/bad.yaml`, 'utf8'),
});
const broken = { name: 'broken.yaml', text: 'kind: [' };
const ignored = { name: 'ignored.yaml', text: `# mesh-shim-ignore api-old: soon\n${source('api-old').text}` };
const result = checkManifests([
  source('port-undeclared'),
  source('udp-unguarded'),
  source('startup-unprotected'),
  ignored,
  broken,
]);

it('writes SARIF that its schema takes', () => {
  const folder = createRequire(import.meta.url)
    .resolve('@microsoft/jest-sarif/package.json')
    .replace('package.json', '');
  const schema = JSON.parse(readFileSync(`${folder}lib/schemas/sarif-2.1.0-rtm.5.json`, 'utf8'));
  delete schema.$schema; // draft-04's, which ajv 8 does not know; it reads the keywords all the same
  schema.$id = schema.id;
  delete schema.id;
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false }).compile(
    schema,
  );
  const sarif = JSON.parse(formatSarif(result, '1.2.3'));
  expect(validate(sarif), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...sarif, runs: [{}] })).toBe(false);
  expect(sarif.runs[0].results.length).toBe(result.findings.length + result.suppressed.length);
  const [run] = sarif.runs;
  for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
  expect(run.results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(
    [...result.findings, ...result.suppressed].map(({ rule }) => rule),
  );
  expect(run.results.at(-1).suppressions).toEqual([{ kind: 'inSource', justification: 'soon' }]);
  expect(run.results[0].suppressions).toBeUndefined();
  expect(run.results[0].locations[0].physicalLocation.region).toEqual({ startLine: 25, startColumn: 7 });
  expect(run.invocations[0].executionSuccessful).toBe(false);
  expect(run.invocations[0].toolExecutionNotifications).toHaveLength(1);
  expect(sarif.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
    'a%20folder/port-undeclared.yaml',
  );
});

it('writes workflow commands, one a line', () => {
  const lines = formatGithub(result).trimEnd().split('\n');
  expect(lines.length).toBe(result.findings.length + result.unread.length);
  for (const line of lines)
    expect(line).toMatch(/^::(error|warning|notice) file=[^:,]+,line=\d+,col=\d+,title=[^:]+::.+$/);
});

it('writes the result as JSON', () => {
  const { findings, suppressed } = JSON.parse(formatJson(result));
  expect(findings).toEqual(result.findings);
  expect(suppressed).toEqual(result.suppressed);
  expect(findings[0].fix).toEqual({
    title: 'declare http',
    certain: false,
    patches: [
      {
        object: { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' },
        operations: [{ op: 'add', path: '/spec/ports/0/appProtocol', value: 'http' }],
      },
    ],
    manifests: [],
  });
});

it('writes for people: grouped, with fixes and a summary, in colour where asked', () => {
  const plain = formatText(result, false);
  expect(plain).toContain('Service shop/web  a folder/port-undeclared.yaml\n');
  expect(plain).toContain("kubectl patch service web -n shop --type=json -p '[");
  expect(plain).toContain('kind: NetworkPolicy');
  expect(plain).toMatch(/3 documents? not checked|1 document not checked/);
  expect(plain.includes('\u001b')).toBe(false);
  expect(formatText(result, true).includes('\u001b[31m')).toBe(true);
});
