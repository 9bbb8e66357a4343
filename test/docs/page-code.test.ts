import { expect, test } from 'vitest';
import { printingToldValues, programOf, toldValues } from '../helpers/page-code.ts';

const code = `import { a } from 'a';
isReserved(1); // true
describe({ name: 'x' }); // [{ code: 'y', message: ... }]
classify('b');
// { madeBy: 'c', flag: 'd', ... }
explain('e'); // in words
stop();
`;

test('comments that tell a value, and only those', () => {
  expect(toldValues(code)).toEqual([
    { expression: 'isReserved(1)', value: true },
    { expression: "describe({ name: 'x' })", value: [{ code: 'y' }] },
    { expression: "classify('b')", value: { madeBy: 'c', flag: 'd' } },
  ]);
});

test('statements that print them', () => {
  const printed = printingToldValues(code, 'is ');
  expect(printed).toContain('console.log("is " + JSON.stringify(isReserved(1))); // true');
  expect(printed.match(/console\.log/g)).toHaveLength(3);
  expect(printed).toContain("explain('e');");
});

test('a block is completed', () => {
  const block = { name: 'a', page: 'a', line: 1, language: 'ts', info: 'fragment', code: 'use(x);\n' };
  expect(programOf(block, { before: 'const x = 1;', after: 'done();' })).toBe(
    'const x = 1;\nuse(x);\n\ndone();\nexport {};\n',
  );
});
