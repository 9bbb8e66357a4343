import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { oddDocuments } from '../../../../scripts/go-yaml/documents.ts';
import { readDocument } from '../../../../src/check/read/read-document.ts';

interface Recorded {
  readonly name: string;
  readonly text: string;
  readonly json?: unknown;
  readonly error?: string;
}

const file = 'test/fixtures/check-read/go-yaml.json';
const recorded: readonly Recorded[] = JSON.parse(readFileSync(file, 'utf8'));

/** What is read otherwise, and why that is left so. */
const differences: Readonly<Record<string, string>> = {
  'merge key last': 'Go lets a merge key override what stands before it, against the rule of merge keys',
  'tag of a set': 'nobody writes it',
  'tag of bytes': 'the bytes stay as they are written',
  'tab in a blank line': 'it is read; kubectl refuses it itself',
  'tab behind a dash': 'it is read; kubectl refuses it itself',
  'lines of old Macs': 'nobody writes them',
  'next line character': 'it stays a character',
  'lone surrogate escaped': 'it stays a character',
  'marker inside quotes': 'documents are split before they are read: both halves are refused',
  'key longer than 1024 characters': 'it is read; kubectl refuses it itself',
  'JSON lines': 'kubectl reads what begins with a brace as JSON first',
  'JSON with an escaped slash': 'kubectl reads what begins with a brace as JSON first',
  'JSON with escaped surrogates': 'kubectl reads what begins with a brace as JSON first',
  'JSON without spaces over lines': 'kubectl reads what begins with a brace as JSON first',
};

const read = (text: string) =>
  readDocument({ source: { name: 'a.yaml', text }, text, format: 'yaml', offset: 0, line: 1 });

it('the recording is of these documents', () => {
  expect(Object.fromEntries(recorded.map(({ name, text }) => [name, text]))).toEqual(oddDocuments);
});

describe('is read as Kubernetes reads it', () => {
  it.each(recorded.filter(({ name }) => differences[name] === undefined).map((one) => [one.name, one] as const))(
    '%s',
    (_, { text, json, error }) => {
      const result = read(text);
      if (error !== undefined) expect(result).not.toHaveProperty('data');
      else expect(plain(result)).toEqual({ data: json });
    },
  );

  it.each(Object.entries(differences))('%s is not: %s', (name) => {
    const one = recorded.find((document) => document.name === name);
    const result = plain(read(one?.text ?? ''));
    if (one?.error === undefined) expect(result).not.toEqual({ data: one?.json });
    else expect(result).toHaveProperty('data');
  });
});

/** As JSON says it. An empty document is null there. */
function plain(result: unknown): unknown {
  const { data, ...rest } = result as { data?: unknown };
  return 'data' in (result as object) ? { data: JSON.parse(JSON.stringify(data ?? null)) } : rest;
}
