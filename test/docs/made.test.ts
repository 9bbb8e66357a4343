import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { libraryEntries } from '../../scripts/build/library-entries.ts';
import { madeFiles, optionInterfaces } from '../../scripts/docs.ts';

const made = [...madeFiles()];

test.each(made)('%s says what its tables say (if not: npm run docs)', (path, text) => {
  expect(readFileSync(path, 'utf8')).toBe(text);
});

describe('every public interface of options has its docstrings from a table', () => {
  const parts = Object.values(libraryEntries).filter((path) => path !== libraryEntries.check);
  const exported = parts.flatMap(
    (path) => readFileSync(path, 'utf8').match(/\b[A-Z]\w*(?:Options|Limits|Init|Hook|Request)\b/g) ?? [],
  );
  // What a program is told, not what it tells.
  const results = ['GivenUpRequest'];
  // ConnectOptions, and MeshRetryOptions, without some of them.
  const aliases = ['DriverOptions', 'MeshAdapterOptions'];
  const described = optionInterfaces.map(({ name }) => name);

  test.each(exported.filter((name) => ![...results, ...aliases].includes(name)))('%s', (name) => {
    expect(described).toContain(name);
  });

  test('and there are some', () => expect(exported.length).toBeGreaterThan(10));
});
