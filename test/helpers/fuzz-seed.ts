import { randomInt } from 'node:crypto';
import process from 'node:process';
import fc from 'fast-check';

/**
 * Where all generated cases of the tests begin. CI repeats the same ones, so that a change is judged by its own faults and
 * a failure can be repeated; each run at a desk looks for new ones. A failed test prints it: TEST_SEED=... repeats
 * that run.
 */
export const fuzzSeed: number = wantedSeed() ?? (process.env.CI === 'true' ? 20_261_124 : randomInt(2 ** 31));

function wantedSeed(): number | undefined {
  const text = process.env.TEST_SEED;
  if (text === undefined || text === '') return undefined;
  const seed = Number(text);
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31) return seed;
  throw new Error(`TEST_SEED is "${text}": it must be a whole number from 0 to ${2 ** 31 - 1}`);
}

// fast-check prints the seed with what it has found.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: fuzzSeed });
