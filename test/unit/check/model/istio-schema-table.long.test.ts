import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { schemaTable } from '../../../../scripts/istio/record-schemas.ts';

it("is what the CRDs of Istio's releases say (if not: npm run record:istio)", () => {
  expect(readFileSync('src/check/model/istio-schema-table.ts', 'utf8')).toBe(schemaTable());
});
