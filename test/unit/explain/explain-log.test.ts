import { expect, it } from 'vitest';
import { explainLog } from '../../../src/explain/explain-log.ts';
import { explainFlag } from '../../../src/explain/explain-text.ts';
import { envoyLine, istioLine, jsonLine, tcpLine } from '../../fixtures/access-log-lines.ts';

const json = (flags: string, upstream: string, time = '-') =>
  JSON.stringify({ start_time: time, response_flags: flags, upstream_cluster: upstream });

it('sums up a log: flags, upstreams, since when, the most frequent first; then each flag', () => {
  const later = istioLine.replace('10:00:00', '10:05:00');
  const log = [jsonLine, istioLine, later, '', envoyLine, tcpLine, '  ', 'noise', ''].join('\n');
  const summary = [
    '5 requests (1 other line ignored); response flags:',
    '  UF: 3 times (UpstreamConnectionFailure), from 2026-11-24T10:00:00.000Z to 2026-11-24T10:00:02.000Z',
    '    2 outbound|80||web.shop.svc.cluster.local',
    '    1 outbound|5432||db.shop',
    '  URX: 3 times (UpstreamRetryLimitExceeded), from 2026-11-24T10:00:00.000Z to 2026-11-24T10:00:02.000Z',
    '    2 outbound|80||web.shop.svc.cluster.local',
    '    1 outbound|5432||db.shop',
    '  UH: 1 time (NoHealthyUpstream), at 2026-11-24T10:00:03.000Z',
    '    1 outbound|80||web',
    '  UT: 1 time (UpstreamRequestTimeout), at 2026-11-24T10:00:01.000Z',
    '    1 10.0.0.9:80',
    '',
  ].join('\n');
  expect(explainLog(log)).toBe([summary, ...['UF', 'URX', 'UH', 'UT'].map(explainFlag)].join('\n'));
});

it('names the five upstreams that fail most, and what there is where the upstream is not known', () => {
  const counts = [1, 7, 2, 6, 3, 5];
  const lines = counts.flatMap((count) => Array.from({ length: count }, () => json('XX', `u${count}`)));
  const without = [
    '{"response_flags":"XX","authority":"a"}',
    ...Array.from({ length: 4 }, () => '{"response_flags":"XX"}'),
  ];
  const words = explainLog([...lines, ...without].join('\n'));
  expect(words?.split('\n').slice(0, 8)).toEqual([
    '29 requests; response flags:',
    '  XX: 29 times (XX)',
    '    7 u7',
    '    6 u6',
    '    5 u5',
    '    4 unknown',
    '    3 u3',
    '',
  ]);
  expect(explainLog('{"response_flags":"XX","authority":"a"}')).toContain('\n    1 a\n');
});

it('knows when, as far as the log says', () => {
  const when = (...times: string[]) =>
    explainLog(times.map((time) => json('XX', 'u', time)).join('\n'))?.match(/\(XX\)(.*)$/m)?.[1];
  expect(when('a', 'b', 'c')).toBe(', from a to c');
  expect(when('a', 'a')).toBe(', at a');
  expect(when('a')).toBe(', at a');
  expect(when('a', '-')).toBe(', at a');
  expect(when('-', 'b')).toBe('');
});

it('says that nothing went wrong, and explains nothing else', () => {
  const fine = '{"response_code":200,"response_flags":"-"}';
  expect(explainLog(fine)).toBe('1 request; no response flags: nothing went wrong in the mesh\n');
  expect(explainLog(`${fine}\n${fine}\nx\ny`)).toBe(
    '2 requests (2 other lines ignored); no response flags: nothing went wrong in the mesh\n',
  );
  expect(explainLog('noise\nand more')).toBeUndefined();
  expect(explainLog('')).toBeUndefined();
});
