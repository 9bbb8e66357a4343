import { expect, it } from 'vitest';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';
import { allRules } from '../../../../src/check/rules/index.ts';
import type { Rule } from '../../../../src/check/rules/shared/rule.ts';

const entry = (comments: {
  head?: string;
  above?: string;
  same?: string;
}) => `${comments.head ?? ''}apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db, namespace: shop}
spec:
  hosts: [db.example.com]
  resolution: DNS
  ports:
${comments.above ?? ''}    - number: 5432${comments.same ?? ''}
      name: tcp
      protocol: TCP
`;
const check = (text: string) => checkManifests([{ name: 'a.yaml', text }]);
const rules = (text: string) => check(text).findings.map(({ rule }) => rule);

it('suppresses at the line, above it, for a document, and by annotation; and keeps the reason', () => {
  expect(rules(entry({}))).toEqual(['se-no-address']);
  const word = '# mesh-shim-ignore se-no-address: the only database: really';
  expect(rules(entry({ same: ` ${word}` }))).toEqual([]);
  expect(rules(entry({ above: `    ${word}\n` }))).toEqual([]);
  expect(rules(entry({ head: `${word}\n` }))).toEqual([]);
  const block = entry({}).replace(
    'metadata: {name: db, namespace: shop}',
    'metadata:\n  name: db\n  annotations:\n    mesh-shim-ignore: "se-no-address: the only one"',
  );
  expect(rules(block)).toEqual([]);
  const flow = entry({}).replace(
    'namespace: shop',
    'annotations: {mesh-shim-ignore: "se-no-address: flow too; api-old: not here"}',
  );
  expect(rules(flow)).toEqual(['suppression-unused']);
  expect(check(entry({ same: ` ${word}` })).suppressed[0]?.reason).toBe('the only database: really');
});

it('needs a reason and a rule that exists, and reports what suppresses nothing', () => {
  expect(rules(entry({ same: ' # mesh-shim-ignore se-no-address' }))).toEqual(['se-no-address', 'suppression-invalid']);
  const typo = check(entry({ same: ' # mesh-shim-ignore se-no-adress: why' })).findings;
  expect(typo.at(-1)?.message).toContain('did you mean "se-no-address"?');
  expect(
    rules(entry({ same: ' # mesh-shim-ignore se-no-address: why', head: '# mesh-shim-ignore dr-vs-pa: why\n' })),
  ).toEqual(['suppression-unused']);
});

const many = (...lines: string[]) => `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  ports:
${lines.join('')}`;

it('a comment on a line is for that line alone, one on its own line for the next', () => {
  const word = ' # mesh-shim-ignore port-undeclared: known';
  const lines = (text: string) => check(text).findings.map(({ rule, line }) => `${rule} ${line}`);
  const ports = [22, 110, 143].map((port) => `    - port: ${port}\n`);
  expect(lines(many(...ports))).toEqual(['port-undeclared 6', 'port-undeclared 7', 'port-undeclared 8']);
  const on = (index: number) =>
    many(...ports.map((line, at) => (at === index ? line.replace('\n', `${word}\n`) : line)));
  expect(lines(on(0))).toEqual(['port-undeclared 7', 'port-undeclared 8']);
  expect(lines(on(1))).toEqual(['port-undeclared 6', 'port-undeclared 8']);
  expect(lines(on(2))).toEqual(['port-undeclared 6', 'port-undeclared 7']);
  const above = (index: number) => many(...ports.toSpliced(index, 0, `   ${word}\n`));
  expect(lines(above(0))).toEqual(['port-undeclared 8', 'port-undeclared 9']);
  expect(lines(above(1))).toEqual(['port-undeclared 6', 'port-undeclared 9']);
  expect(lines(above(2))).toEqual(['port-undeclared 6', 'port-undeclared 7']);
  expect(lines(above(3))).toEqual([
    'port-undeclared 6',
    'port-undeclared 7',
    'port-undeclared 8',
    'suppression-unused 9',
  ]);
});

it('at the head of a document a comment is for all of it, and for it alone', () => {
  const word = '# mesh-shim-ignore port-undeclared: known\n';
  const service = many('    - port: 22\n', '    - port: 110\n');
  const lines = (text: string) => check(text).findings.map(({ rule, line }) => `${rule} ${line}`);
  expect(lines(`${word}${service}`)).toEqual([]);
  expect(lines(`---\n# Why\n${word}\n${service}`)).toEqual([]);
  expect(lines(`${word}${service}---\n${service}`)).toEqual(['port-undeclared 15', 'port-undeclared 16']);
  expect(lines(`${service}---\n${word}${service}`)).toEqual(['port-undeclared 6', 'port-undeclared 7']);
  const [first = '', ...rest] = service.split('\n');
  expect(lines([first, word.trim(), ...rest].join('\n'))).toEqual([
    'suppression-unused 2',
    'port-undeclared 7',
    'port-undeclared 8',
  ]);
});

it('an annotation is for its object alone, also in a List', () => {
  const item = (name: string, annotation: string) => `  - apiVersion: v1
    kind: Service
    metadata: {name: ${name}, annotations: {${annotation}}}
    spec: {ports: [{port: 22}]}
`;
  const known = 'mesh-shim-ignore: "port-undeclared: known"';
  const list = `apiVersion: v1\nkind: List\nitems:\n${item('a', known)}${item('b', 'x: y')}`;
  const { findings, suppressed } = check(list);
  expect(findings.map(({ rule, object }) => `${rule} ${object?.name}`)).toEqual(['port-undeclared b']);
  expect(suppressed.map(({ rule, object, reason }) => `${rule} ${object?.name} ${reason}`)).toEqual([
    'port-undeclared a known',
  ]);
});

it('a comment in one file is not for the same line of another', () => {
  const service = many('    - port: 22\n');
  const suppressed = service.replace('22', '22 # mesh-shim-ignore port-undeclared: known');
  const { findings } = checkManifests([
    { name: 'a.yaml', text: suppressed },
    { name: 'b.yaml', text: service },
  ]);
  expect(findings.map(({ rule, file }) => `${rule} ${file}`)).toEqual(['port-undeclared b.yaml']);
});

it('reports where a suppression is wrong, and why', () => {
  const text = many(
    '    - port: 22 # mesh-shim-ignore port-undeclared\n',
    '    - port: 80 # mesh-shim-ignore no-such: x\n',
  );
  expect(check(text).findings.filter(({ rule }) => rule === 'suppression-invalid')).toEqual([
    expect.objectContaining({
      severity: 'warning',
      line: 6,
      column: 16,
      message: expect.stringContaining('needs a reason'),
    }),
    expect.objectContaining({ line: 7, column: 16, message: 'It suppresses nothing: there is no rule "no-such".' }),
  ]);
});

it('says nothing of suppressions of rules that did not run', () => {
  const text = many('    - port: 80 # mesh-shim-ignore port-undeclared: known\n');
  const ids = (rules: readonly Rule[]) =>
    checkManifests([{ name: 'a', text }], { rules }).findings.map(({ rule }) => rule);
  expect(ids(allRules)).toEqual(['suppression-unused']);
  expect(ids(allRules.filter(({ id }) => id !== 'port-undeclared'))).toEqual([]);
});

it('silences its own rule alone, where two find one line', () => {
  const ports = '{containers: [{name: a, ports: [{containerPort: 15053, protocol: UDP}]}]}';
  const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: ${ports}`;
  const found = (comment: string) =>
    checkManifests([{ name: 'a', text: `${pod}${comment}\n` }], { inputs: { native: 'true' } }).findings.map(
      ({ rule }) => rule,
    );
  expect(found('')).toEqual(['reserved-port', 'udp-unguarded']);
  expect(found(' # mesh-shim-ignore udp-unguarded: known')).toEqual(['reserved-port']);
  expect(found(' # mesh-shim-ignore reserved-port: known')).toEqual(['udp-unguarded']);
});

it('an annotation may end in a semicolon or stand on lines of its own, and is shown at its key', () => {
  const annotated = (words: string) =>
    check(
      `apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  annotations:\n    mesh-shim-ignore: ${words}\nspec: {ports: [{port: 22}]}\n`,
    );
  const lines = (words: string) =>
    annotated(words).findings.map(({ rule, file, line, column }) => `${rule} ${file}:${line}:${column}`);
  expect(lines('"port-undeclared: known; "')).toEqual([]);
  expect(lines('|\n      port-undeclared: known\n\n      api-old: x')).toEqual(['suppression-unused a.yaml:6:5']);
  expect(lines('"no-such: x"')).toEqual(['suppression-invalid a.yaml:6:5', 'port-undeclared a.yaml:7:17']);
});
