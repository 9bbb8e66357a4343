import { expect, test } from 'vitest';
import { describeResponseFlag, describeResponseFlags, RESPONSE_FLAGS } from '../../../src/mesh/response-flags.ts';

const ALL =
  'UH UF UO NR URX NC DT DC LH UT LR UR UC DI FI RL UAEX RLSE IH SI DPE UPE UMSDR RFCF NFCF OM DF DO DR UDO'.split(' ');

test('every flag of Envoy 1.40 is in the table, once', () => {
  expect(RESPONSE_FLAGS.map(({ flag }) => flag).sort()).toEqual([...ALL].sort());
});

test('every flag says what it means and what is usually behind it', () => {
  for (const { longName, meaning, causes } of RESPONSE_FLAGS) {
    expect(longName).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(meaning).toMatch(/^[A-Z].+\.$/);
    expect(causes.length).toBeGreaterThan(0);
  }
});

test('unknown flags pass through', () => {
  expect(describeResponseFlag('XTENSION')).toMatchObject({ flag: 'XTENSION', longName: 'XTENSION', causes: [] });
});

test('the flags of a log line are explained one by one', () => {
  expect(describeResponseFlags('URX, UF').map(({ longName }) => longName)).toEqual([
    'UpstreamRetryLimitExceeded',
    'UpstreamConnectionFailure',
  ]);
  expect(describeResponseFlags('-')).toEqual([]);
  expect(describeResponseFlags('')).toEqual([]);
});
