import { describe, expect, it } from 'vitest';
import { editText } from '../../../../src/check/edit/edit-text.ts';
import { indentContinuations, originalOffset, restoreContinuations } from '../../../../src/check/read/continuations.ts';

const indent = (yaml: string) => indentContinuations(yaml)?.text;

describe('lines that go on at the indent of their key are indented', () => {
  it.each([
    ['a quote', "a:\n  b: 'x\n  y'\n", "a:\n  b: 'x\n   y'\n"],
    ['to the left of it', 'a:\n  b: "x\ny"\n', 'a:\n  b: "x\n   y"\n'],
    ['in a list', "a:\n- 'x\n- y'\n", "a:\n- 'x\n   - y'\n"],
    ['of a key in a list', "- b: 'x\n  y'\n", "- b: 'x\n   y'\n"],
    ['a flow list, its end too', 'a:\n  b: [\n  1\n  ]\n', 'a:\n  b: [\n   1\n   ]\n'],
    ['with quotes and comments inside', "a: [it's, '#', 1, # ]\n2]\n", "a: [it's, '#', 1, # ]\n 2]\n"],
    ['behind an anchor', 'a: &x [1,\n2]\n', 'a: &x [1,\n 2]\n'],
    ['escaped quotes', "a: \"x\\\"\ny\"\nb: 'it''s\ny'\n", "a: \"x\\\"\n y\"\nb: 'it''s\n y'\n"],
    ['not in literal text', "a: |\n  b: 'x\n  y\nc: 'x\ny'\n", "a: |\n  b: 'x\n  y\nc: 'x\n y'\n"],
    ['nor in that of a list', "a:\n- |\n  b: [x\n- 'x\ny'\n", "a:\n- |\n  b: [x\n- 'x\n   y'\n"],
  ])('%s', (_, yaml, wanted) => {
    expect(indent(yaml)).toBe(wanted);
  });

  it.each(['a: 1\n', 'a: "x"\nb: [1,\n  2]\n', 'a: "x\ny\n', 'a: [1\n', '{"a":\n1}\n', 'a: "x\n\n  y"\n', ''])(
    'nothing to do, or nothing that helps: %j',
    (yaml) => {
      expect(indent(yaml)).toBeUndefined();
    },
  );
});

it('every offset leads back to its character', () => {
  const yaml = "a:\n  b: 'x\ny'\n  c: [1,\n2]\nd: 3\n";
  const indented = indentContinuations(yaml);
  expect(indented).toBeDefined();
  const { text, insertions } = indented as { text: string; insertions: [] };
  for (const word of ['a:', 'b:', 'y', 'c:', '2', 'd: 3']) {
    expect(yaml.slice(originalOffset(text.indexOf(word), insertions))).toMatch(new RegExp(`^${word}`));
  }
  // What was put in leads to the line that it stands on.
  expect(originalOffset(text.indexOf(' y'), insertions)).toBe(yaml.indexOf("y'"));
  expect(restoreContinuations(text, { text, insertions })).toBe(yaml);
});

it('an edit leaves such lines as they were', () => {
  const yaml = "a:\n  b: 'x\n  y'\n  c: 1\n";
  expect(editText(yaml, [{ op: 'set', path: ['a', 'c'], value: 2 }])).toBe("a:\n  b: 'x\n  y'\n  c: 2\n");
});
