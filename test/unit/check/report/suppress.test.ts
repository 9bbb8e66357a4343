import { expect, it } from 'vitest';
import { checkManifests } from '../../../../src/check/report/check-manifests.ts';

const entry = (comments: {
  head?: string;
  above?: string;
  same?: string;
}) => `${comments.head ?? ''}apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db, namespace: shop}
spec:
  hosts: [db.example.com]
  ports:
${comments.above ?? ''}    - number: 5432${comments.same ?? ''}
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
