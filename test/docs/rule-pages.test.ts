import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { rulePages } from '../../scripts/rule-docs.ts';

const pages = rulePages();

it('has a page for every rule, and no other page', () => {
  expect(readdirSync('docs/rules').toSorted()).toEqual([...pages.keys()].toSorted());
});

it.each([...pages.keys()])("%s is what the rule's own text makes of it (if not: npm run docs)", (name) => {
  expect(readFileSync(`docs/rules/${name}`, 'utf8')).toBe(pages.get(name));
});
