import { describe, it } from 'vitest';
import { buildCheckedReaders, expectToSurvive, hasCompiler } from './checked-readers.ts';

describe.skipIf(!hasCompiler)('readers under the address and undefined-behaviour sanitizers (needs gcc)', () => {
  it('survive mutated answers, in a bounded heap', async () => {
    expectToSurvive(await buildCheckedReaders(), 1_500);
  }, 600_000);
});

it.runIf(!hasCompiler)('no sanitizer run here: install gcc', () => {});
