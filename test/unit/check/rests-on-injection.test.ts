import { expect, it } from 'vitest';
import { checkManifests } from '../../../src/check/report/check-manifests.ts';
import type { Finding } from '../../../src/check/report/finding.ts';
import { type RuleRun, ruleRuns } from '../../helpers/rule-fixtures.ts';

const identity = ({ fingerprint, message }: Finding) => `${fingerprint} ${message}`;
const restsOnIt = ({ restsOn }: Finding) => restsOn.some(({ input }) => input === 'injection');

/** What is found in a fixture with this said of injection. */
const foundWith = ({ source, inputs }: RuleRun, injection: 'auto' | boolean) =>
  checkManifests([source], { inputs: { ...inputs, injection } }).findings;

it.each(ruleRuns)('$name: what rests on injection says so, and nothing else does', (run) => {
  const auto = foundWith(run, 'auto');
  const [yes, no] = [true, false].map((injection) => foundWith(run, injection).map(identity));
  const isSettled = (finding: Finding) => yes?.includes(identity(finding)) && no?.includes(identity(finding));
  const silent = auto.filter((finding) => !restsOnIt(finding) && !isSettled(finding));
  const tooMuch = auto.filter((finding) => restsOnIt(finding) && isSettled(finding));
  expect({ silent: silent.map(identity), tooMuch: tooMuch.map(identity) }).toEqual({ silent: [], tooMuch: [] });
});

const all = ruleRuns.flatMap((run) => foundWith(run, 'auto'));

it('is held against findings of both kinds', () => {
  expect(all.filter(restsOnIt).length).toBeGreaterThan(100);
  expect(all.filter((finding) => !restsOnIt(finding)).length).toBeGreaterThan(50);
});
