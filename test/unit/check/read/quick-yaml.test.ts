import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { splitDocuments } from '../../../../src/check/read/documents.ts';
import { parseDocument } from '../../../../src/check/read/kube-yaml.ts';
import { readQuickly } from '../../../../src/check/read/quick-yaml.ts';

/** Where the quick reader answers, the parser must have no error and give the very same. */
function compare(yaml: string): boolean {
  const quick = readQuickly(yaml);
  if (quick === undefined) return false;
  const tree = parseDocument(yaml).tree;
  expect({ yaml, errors: tree?.errors }).toEqual({ yaml, errors: [] });
  expect({ yaml, data: quick }).toEqual({ yaml, data: tree?.toJS() });
  expect(JSON.stringify(quick)).toBe(JSON.stringify(tree?.toJS()));
  return true;
}

/** Keys that every object answers to without having them. */
const inheritedNames = fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty');

const typical = `---
# a usual manifest
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # its name
  annotations:
    sidecar.istio.io/nativeSidecar: "true"
    proxy.istio.io/config: |
      holdApplicationUntilProxyStarts: true

      concurrency: 2
  labels: {}
spec:
  replicas: 3
  empty:
  ratio: 0.5
  template:
    spec:
      containers:
      - name: web
        image: example.com/web:1.2
        args: []
        ports:
          - containerPort: 8080
            name: 'http'
          -
            containerPort: 8081
      - name: two
  online: true
  script: |-
    #!/bin/sh
      echo "a: b" # c
  text: url http://a.b/c?d=e#f
  time: 10:30
`;

it('reads what a usual manifest holds', () => {
  expect(compare(typical)).toBe(true);
});

it('agrees with the parser on every fixture', () => {
  const files = ['test/fixtures/check', 'test/fixtures/injection', 'test/fixtures/well-kept'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.name.endsWith('.yaml')),
  );
  const documents = files.flatMap(({ parentPath, name }) =>
    splitDocuments({ name, text: readFileSync(`${parentPath}/${name}`, 'utf8') }).map(({ text }) => text),
  );
  expect(documents.filter(compare).length).toBeGreaterThan(10);
});

it('reads keys that objects inherit as keys like any other', () => {
  const yaml = '"__proto__":\n  a: b\n\'__proto__\': c\nconstructor: d\nlabels:\n  "__proto__": 1\n';
  expect(compare(yaml)).toBe(true);
  const data = readQuickly(yaml) as Record<string, unknown>;
  expect(Object.entries(data)).toEqual([
    ['__proto__', 'c'],
    ['constructor', 'd'],
    ['labels', expect.anything()],
  ]);
  expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
});

it('agrees with the parser on what is printed from data', () => {
  const key = fc.oneof(
    fc.stringMatching(/^[A-Za-z][A-Za-z0-9./-]{0,8}$/),
    fc.stringMatching(/^[\w ./-]{1,8}$/),
    inheritedNames,
  );
  const leaf = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[ -~\n]{0,12}$/),
    fc.stringMatching(/^[-+.0-9exo]{1,5}$/),
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
  );
  const { node } = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.dictionary(key, tie('node'), { maxKeys: 4 }),
      fc.array(tie('node'), { maxLength: 4 }),
    ),
  }));
  fc.assert(
    fc.property(
      fc.dictionary(key, node, { minKeys: 1, maxKeys: 4 }),
      fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'),
      (data, defaultKeyType) => void compare(stringify(data, { defaultKeyType })),
    ),
    { numRuns: 1000 },
  );
});

it('agrees with the parser on a manifest that was damaged anywhere', () => {
  const damage = fc.record({
    at: fc.nat(typical.length),
    cut: fc.nat(12),
    put: fc.oneof(
      fc.constantFrom(
        ' ',
        '\n',
        ':',
        ': ',
        '- ',
        '#',
        ' #',
        '"',
        "'",
        '|',
        '|-',
        '>',
        '&a ',
        '*a',
        '!t ',
        '{',
        '}',
        '[',
        ']',
        ',',
        '?',
        '? ',
        '---\n',
        '...\n',
        '%',
        '\\',
        '0',
        '~',
        '<<: ',
        '"__proto__": ',
        '"__proto__":\n',
        'constructor: ',
        '\n\n',
        '  ',
        '\n  ',
      ),
      fc.stringMatching(/^[ -~\n]{0,4}$/),
    ),
  });
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
      compare(damages.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), typical));
    }),
    { numRuns: 5000 },
  );
});
