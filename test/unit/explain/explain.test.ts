import { describe, expect, it } from 'vitest';
import { allRules } from '../../../src/check/rules/index.ts';
import { parseAccessLogLine } from '../../../src/explain/access-log.ts';
import { explainLog } from '../../../src/explain/explain-log.ts';
import { explainText } from '../../../src/explain/explain-text.ts';
import { guidanceByFlag } from '../../../src/explain/guidance.ts';
import { statuses } from '../../../src/explain/statuses.ts';
import { responseFlags } from '../../../src/mesh/replies/response-flags.ts';

const istio =
  '[2026-11-24T10:00:00.000Z] "GET /a HTTP/1.1" 503 UF,URX upstream_reset_before_response_started{remote_connection_failure} - "delayed_connect_error:_111" 0 91 3 - "-" "a \\"quoted\\" agent" "id" "web.shop" "10.0.0.1:8080" outbound|80||web.shop.svc.cluster.local - 10.0.0.2:80 10.0.0.3:4000 - default';
const envoy =
  '[2026-11-24T10:00:01.000Z] "POST /b HTTP/2" 504 UT 3 24 15000 - "-" "agent" "id" "api.shop" "10.0.0.9:80"';
const tcp =
  '[2026-11-24T10:00:02.000Z] "- - -" 0 UF,URX - - "-" 0 0 10 - "-" "-" "-" "-" "10.0.0.4:5432" outbound|5432||db.shop - 10.0.0.2:5432 10.0.0.3:4002 - -';
const json =
  '{"start_time":"2026-11-24T10:00:03.000Z","method":"GET","path":"/","protocol":"HTTP/1.1","response_code":503,"response_flags":"UH","upstream_cluster":"outbound|80||web","authority":"web"}';

describe('parseAccessLogLine', () => {
  it.each([
    [
      istio,
      {
        status: 503,
        flags: ['UF', 'URX'],
        upstream: 'outbound|80||web.shop.svc.cluster.local',
        transportFailure: 'delayed_connect_error:_111',
        authority: 'web.shop',
      },
    ],
    [envoy, { status: 504, flags: ['UT'], upstream: '10.0.0.9:80', authority: 'api.shop' }],
    [tcp, { status: undefined, flags: ['UF', 'URX'], upstream: 'outbound|5432||db.shop' }],
    [json, { status: 503, flags: ['UH'], upstream: 'outbound|80||web', request: 'GET / HTTP/1.1' }],
  ])('reads %s', (line, expected) => {
    expect(parseAccessLogLine(line)).toMatchObject(expected);
  });

  it.each(['', '{}', '{broken', '[info] started', 'upstream connect error'])('leaves "%s" alone', (line) => {
    expect(parseAccessLogLine(line)).toBeUndefined();
  });
});

describe('explainText', () => {
  it.each(responseFlags.map(({ flag }) => flag))('explains %s', (flag) => {
    expect(explainText(flag)).toMatch(new RegExp(`^${flag} \\(`));
  });

  it.each([...statuses.keys()])('explains status %s', (status) => {
    expect(explainText(String(status))).toMatch(new RegExp(`^${status}: `));
  });

  it.each([
    ['upstream connect error or disconnect/reset before headers. reset reason: connection termination', 'UC ('],
    ['no healthy upstream', 'UH ('],
    ['RBAC: access denied', 'Reached the application: no'],
    [istio, 'Transport failure: delayed_connect_error:_111'],
    [
      istio.replace('UF,URX', '-').replace(/503 - \S+/, '503 - via_upstream'),
      'No response flag: the status 503 came from the service itself.',
    ],
    [tcp.replace('UF,URX - -', '- via_upstream -'), 'No response flag: the answer came from the service itself.'],
    [envoy.replace(' UT ', ' - '), 'No response flag: nothing went wrong in the mesh.'],
    [envoy.replace(' UT ', ' constructor '), 'constructor (constructor): Envoy set the flag constructor'],
  ])('explains "%s"', (text, expected) => {
    expect(explainText(text)).toContain(expected);
  });

  it('does not pretend to know the rest', () => {
    for (const text of ['XXQ', '299', 'hello world']) expect(explainText(text)).toBeUndefined();
  });
});

it('sums up a log: flags, upstreams, since when', () => {
  const words = explainLog([istio, istio.replace('10:00:00', '10:05:00'), envoy, tcp, json, 'noise'].join('\n'));
  expect(words).toContain('5 requests (1 other line ignored); response flags:\n');
  expect(words).toContain('UF: 3 times (UpstreamConnectionFailure)');
  expect(words).toContain(', from 2026-11-24T10:00:00.000Z to 2026-11-24T10:00:02.000Z\n');
  expect(words).toContain('2 outbound|80||web.shop.svc.cluster.local');
  expect(explainLog('noise\nand more')).toBeUndefined();
});

it('knows where to look for each flag that it can explain, and for no other', () => {
  expect([...guidanceByFlag.keys()]).toEqual(responseFlags.map(({ flag }) => flag));
});

it('points at flags and rules that exist only', () => {
  const ids = allRules.map(({ id }) => id);
  expect([...guidanceByFlag.values()].flatMap(({ rules }) => rules).filter((id) => !ids.includes(id))).toEqual([]);
  const named = [...statuses.values()].flatMap(({ flags }) => flags);
  expect(named.filter((flag) => !guidanceByFlag.has(flag))).toEqual([]);
});
