import { expect, it } from 'vitest';
import { checkManifests } from '../../../src/check/report/check-manifests.ts';
import type { Finding } from '../../../src/check/report/finding.ts';
import { ruleRuns } from '../../helpers/rule-fixtures.ts';

const identity = ({ fingerprint, message }: Finding) => `${fingerprint} ${message}`;
const restsOnIt = ({ restsOn }: Finding) => restsOn.some(({ input }) => input === 'injection');

/** Every source of the rules' fixtures with nothing said of injection, beside both answers. */
const runs = ruleRuns.map(({ name, source, inputs }) => {
  const found = (injection: 'auto' | boolean) =>
    checkManifests([source], { inputs: { ...inputs, injection } }).findings;
  const [auto, yes, no] = [found('auto'), found(true), found(false)];
  const isIn = (findings: readonly Finding[], finding: Finding) => findings.map(identity).includes(identity(finding));
  const isSettled = (finding: Finding) => isIn(yes, finding) && isIn(no, finding);
  return { name, auto, isSettled };
});

it.each(runs)('$name: what rests on injection says so, and nothing else does', ({ auto, isSettled }) => {
  const silent = auto.filter((finding) => !restsOnIt(finding) && !isSettled(finding));
  const tooMuch = auto.filter((finding) => restsOnIt(finding) && isSettled(finding));
  expect({ silent: silent.map(identity), tooMuch: tooMuch.map(identity) }).toEqual({ silent: [], tooMuch: [] });
});

it('is held against findings of both kinds', () => {
  const all = runs.flatMap(({ auto }) => auto);
  expect(all.filter(restsOnIt).length).toBeGreaterThan(100);
  expect(all.filter((finding) => !restsOnIt(finding)).length).toBeGreaterThan(50);
});
