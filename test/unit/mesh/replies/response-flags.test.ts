import { expect, test } from 'vitest';
import {
  describeResponseFlag,
  describeResponseFlags,
  responseFlags,
} from '../../../../src/mesh/replies/response-flags.ts';

const all =
  'UH UF UO NR URX NC DT DC LH UT LR UR UC DI FI RL UAEX RLSE IH SI DPE UPE UMSDR RFCF NFCF OM DF DO DR UDO'.split(' ');

test('every flag of Envoy 1.40 is in the table, once', () => {
  expect(responseFlags.map(({ flag }) => flag).sort()).toEqual([...all].sort());
});

test('every flag says what it means and what is usually behind it', () => {
  for (const { longName, meaning, causes } of responseFlags) {
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
