import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { releaseFacts } from '../../../scripts/istio/release-facts.ts';
import { supportedIstio } from '../../../src/check/model/inputs.ts';

/** `isOlder(istio, '1.27')`, and the release behind a value that an annotation takes. */
const asked = /isOlder\([\w.]*istio, '(1\.\d+)'\)|isInterfaceList, '(1\.\d+)'/g;
const releasesIn = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(asked)].map(([, older, since]) => older ?? since ?? '');

it('each release that the checker asks for stands in the table, and each row in the code', () => {
  const inCode = globSync('src/check/**/*.ts').flatMap((file) =>
    [...new Set(releasesIn(file))].map((release) => `${release} ${file}`),
  );
  const inTable = releaseFacts.flatMap(({ since, code }) => code.map((file) => `${since} ${file}`));
  expect(inCode.length).toBeGreaterThan(8);
  expect(inTable.toSorted()).toEqual(inCode.toSorted());
});

it('says where each fact is from, up to the newest release', () => {
  for (const { source, since } of releaseFacts) {
    expect(source).toMatch(/^(run|API|read): /);
    expect(supportedIstio).toContain(since);
  }
  expect(releaseFacts.at(-1)?.since).toBe(supportedIstio.at(-1));
});
