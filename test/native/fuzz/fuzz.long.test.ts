import { describe, it } from 'vitest';
import { buildCheckedReaders, expectToSurvive, hasCompiler } from './checked-readers.ts';

describe.skipIf(!hasCompiler)('readers under the address and undefined-behaviour sanitizers (needs gcc)', () => {
  it('survive mutated answers for long, in a bounded heap', async () => {
    expectToSurvive(await buildCheckedReaders(), 20_000);
  }, 900_000);
});
