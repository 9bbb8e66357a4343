import { describe, expect, it } from 'vitest';
import { createLogExplainer, type LogOptions } from '../../../src/explain/log/explain-log.ts';
import { createLineSplitter } from '../../../src/explain/log/split-lines.ts';
import { logJson } from '../../../src/explain/words/answer-json.ts';
import { logText } from '../../../src/explain/words/log-text.ts';
import { colourPaint, plainPaint } from '../../../src/explain/words/paint.ts';
import { istioLine, jsonLine, tcpLine, ztunnelLine } from '../../fixtures/explain/lines.ts';

const summaryOf = (lines: readonly string[], options?: LogOptions) => {
  const explainer = createLogExplainer(options);
  for (const line of lines) explainer.add(line);
  return explainer.summary();
};
const words = (lines: readonly string[], top = 5) => logText(summaryOf(lines), top, { width: 80, paint: plainPaint });
const causesIn = (lines: readonly string[], options?: LogOptions) =>
  summaryOf(lines, options).tallies.map(({ finding, count }) => [finding.cause, count]);
const fine = istioLine({ status: 200, details: 'via_upstream' });
const at = (minute: number, fields: Parameters<typeof istioLine>[0] = {}) =>
  istioLine({ time: `2026-11-24T10:${String(minute).padStart(2, '0')}:00.000Z`, ...fields });

describe('a log', () => {
  const rejected =
    "2026-11-24T09:59:00.000000Z\twarning\tenvoy config\tgRPC config for type.googleapis.com/envoy.config.listener.v3.Listener rejected: Error adding/updating listener(s) x: cannot bind '10.96.0.7:443': Cannot assign requested address";
  const log = [
    ...[
      fine,
      at(1, { flags: 'UC', request: 'GET /a?x=1 HTTP/1.1' }),
      at(2, { flags: 'UC', request: 'GET /a HTTP/1.1' }),
    ],
    ...[at(3, { flags: 'UC', cluster: 'outbound|80||api.shop.svc.cluster.local' }), 'noise', '', '  '],
    at(5, { status: 403, details: 'rbac_access_denied_matched_policy[ns[shop]-policy[p]-rule[0]]' }),
    at(6, { status: 403, details: 'rbac_access_denied_matched_policy[ns[shop]-policy[q]-rule[0]]' }),
    at(7, { status: 500, details: 'via_upstream' }),
  ];

  it('is counted by cause, what matters most first: policies and statuses of the app apart', () => {
    expect(causesIn(log)).toEqual([
      ['server-closed', 3],
      ['app-failed', 1],
      ['access-denied-by-policy', 1],
      ['access-denied-by-policy', 1],
    ]);
    expect(summaryOf(log)).toMatchObject({ requests: 7, failed: 6, otherLines: 1, to: '2026-11-24T10:07:00.000Z' });
    // What is behind all else comes first, however rare.
    expect(causesIn([...log, rejected])[0]).toEqual(['address-not-ours', 1]);
  });

  it('is told with the most important cause on top, then a table', () => {
    expect(words(log).split('\n').slice(0, 26)).toEqual([
      'web.shop.svc.cluster.local closed the connection before it had answered: its',
      "keep-alive (idle) timeout is shorter than the sidecar's, or it crashed or was",
      'shut down.',
      '',
      '  Seen   3 times, from 2026-11-24T10:01:00.000Z to 2026-11-24T10:03:00.000Z',
      '  Sure   likely: the flag is UC',
      ...words(log).split('\n').slice(6, 17),
      '7 requests, 6 not answered as they should be, 10:00:00 to 10:07:00; 1 other line',
      '  COUNT  CAUSE                        FIRST     LAST',
      '      3  server-closed                10:01:00  10:03:00',
      '         503 UC',
      '         to outbound|80||web.shop.svc.cluster.local (2), outbound|80||api.sho...',
      '         GET /a',
      '      1  app-failed (500)             10:07:00  10:07:00',
      '         500',
      '         to outbound|80||web.shop.svc.cluster.local',
    ]);
    expect(words(log)).toContain('\nThe AuthorizationPolicy q (namespace shop, rule 0, counted from 0) refused it.\n');
    expect(words(log)).not.toMatch(/nothing went wrong/);
    expect(words(log, 1)).toContain('\n  and 3 more causes (--top 4)\n');
    expect(
      words(log)
        .split('\n')
        .filter((line) => line.length > 80),
    ).toEqual([]);
  });

  it('is told as JSON', () => {
    const { causes, ...totals } = JSON.parse(logJson(summaryOf(log), 2));
    expect(totals).toEqual({
      ...{ requests: 7, failed: 6, otherLines: 1, tooOld: 0, moreCauses: 2 },
      ...{ from: '2026-11-24T10:00:00.000Z', to: '2026-11-24T10:07:00.000Z' },
    });
    expect(causes[0]).toMatchObject({
      cause: 'server-closed',
      count: 3,
      first: '2026-11-24T10:01:00.000Z',
      last: '2026-11-24T10:03:00.000Z',
      signs: [{ name: '503 UC', count: 3 }],
      upstreams: [
        { name: 'outbound|80||web.shop.svc.cluster.local', count: 2 },
        { name: 'outbound|80||api.shop.svc.cluster.local', count: 1 },
      ],
      paths: [{ name: 'GET /a', count: 3 }],
      pods: [],
      rules: ['drain-too-short'],
    });
  });

  it('in which all went well says so, and a refusal is never that', () => {
    expect(words([fine, fine, 'x'])).toBe(
      '2 requests at 2026-11-24T10:00:00.000Z (1 other line ignored): no failure, nothing went wrong in the mesh\n',
    );
    expect(words([fine, ztunnelLine(), tcpLine()])).toMatch(/^3 requests .*nothing went wrong/);
    for (const details of ['rbac_access_denied_matched_policy[none]', 'direct_response', 'something_new']) {
      expect(words([fine, at(1, { status: 403, details })])).not.toMatch(/nothing went wrong/);
    }
  });

  it('with what is no fault says so first', () => {
    const closed =
      '2026-11-24T10:00:09.000000Z\twarning\tenvoy config\tStreamAggregatedResources gRPC config stream to xds-grpc closed: 0,';
    const text = words([fine, closed, closed]);
    expect(text).toMatch(/^1 request .*nothing went wrong in the mesh\n\nThe stream from istiod was closed/);
    expect(words([fine, closed, at(1, { flags: 'UH' })])).toMatch(/^web\.shop/);
  });

  it('takes no more than the flags of an upstream that answered, at a status below 400', () => {
    expect(causesIn([at(1, { status: 200, details: 'via_upstream', flags: 'DC' })])).toEqual([['client-gone', 1]]);
  });
});

describe('lines', () => {
  it('of several pods are counted by pod', () => {
    const mixed = [
      ...[1, 2].map((minute) => `[pod/web-0/istio-proxy] ${at(minute, { flags: 'UH' })}`),
      `[pod/web-1/istio-proxy] ${at(3, { flags: 'UH' })}`,
      '[pod/web-1/web] Error: connect ECONNREFUSED 10.0.0.1:5432',
      '[pod/web-1/web] {"level":30,"msg":"connection closed by client"}',
      '[pod/web-1/web] GET /x 200',
    ];
    const [uh, refused] = summaryOf(mixed).tallies;
    expect([...(uh?.pods ?? [])]).toEqual([
      ['web-0', 2],
      ['web-1', 1],
    ]);
    expect(uh?.finding.facts.pod).toBe('web-0');
    expect(refused?.finding.cause).toBe('refused-at-start');
    expect(summaryOf(mixed)).toMatchObject({ requests: 3, otherLines: 2 });
    expect(words(mixed)).toContain('pods web-0 (2), web-1 (1)');
  });

  it('that CRI has cut are put together, by stream', () => {
    const line = at(1, { flags: 'UH' });
    // In the middle of the request: neither part says anything alone.
    const [head, tail] = [line.slice(0, 35), line.slice(35)];
    const stamp = '2026-11-24T10:00:00.123456789Z';
    expect(
      causesIn([`${stamp} stdout P ${head}`, `${stamp} stderr F x`, `${stamp} stdout P `, `${stamp} stdout F ${tail}`]),
    ).toEqual([['no-healthy-upstream', 1]]);
    // Cut off for good.
    expect(causesIn([`${stamp} stdout P ${line}`])).toEqual([['no-healthy-upstream', 1]]);
  });

  it('from before a time are left out, with the lines that follow them', () => {
    const log = [at(1, { flags: 'UF' }), 'Error: ECONNREFUSED', at(5, { flags: 'UH' }), 'Error: ECONNRESET'];
    const sinceMs = Date.parse('2026-11-24T10:04:00Z');
    expect(causesIn(log, { sinceMs })).toEqual([
      ['no-healthy-upstream', 1],
      ['connection-reset', 1],
    ]);
    expect(summaryOf(log, { sinceMs }).tooOld).toBe(2);
  });

  it('of a format of their own', () => {
    const format = (text: string) => (text === 'mine' ? { ...emptyOf(), status: 503, flags: ['UH'] } : undefined);
    expect(causesIn(['mine', jsonLine()], { format })).toEqual([['no-healthy-upstream', 2]]);
  });

  it('with paths without end cost no memory', () => {
    const log = Array.from({ length: 2_000 }, (_, index) => at(1, { flags: 'UH', request: `GET /${index} HTTP/1.1` }));
    const [tally] = summaryOf(log).tallies;
    expect(tally?.paths.size).toBe(501);
    expect(tally?.paths.get('others')).toBe(1_500);
  });

  it('tell of a cause once, when it is new', () => {
    const explainer = createLogExplainer();
    expect(explainer.add(at(1, { flags: 'UH' }))?.finding.cause).toBe('no-healthy-upstream');
    expect(explainer.add(at(2, { flags: 'UH' }))).toBeUndefined();
    expect(explainer.add(fine)).toBeUndefined();
    expect(explainer.add(at(3, { flags: 'UF' }))?.finding.cause).toBe('upstream-connect-failed');
  });
});

function emptyOf() {
  const none = undefined;
  return {
    ...{ time: none, method: none, path: none, protocol: none, details: none, termination: none, transport: none },
    ...{ authority: none, upstreamHost: none, cluster: none, localAddress: none, remoteAddress: none },
    ...{ serverName: none, route: none },
  };
}

it('a stream of text is cut into lines, wherever its pieces end', () => {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => lines.push(line));
  for (const piece of ['a\nb', 'c', '\n\nd\n', 'e']) splitter.push(piece);
  splitter.rest();
  splitter.rest();
  expect(lines).toEqual(['a', 'bc', '', 'd', 'e']);
  for (let index = 0; index < 40; index++) splitter.push('x'.repeat(100_000));
  splitter.rest();
  expect(lines.at(-1)?.length).toBeLessThan(1_200_000);
});

it('has colours where the terminal has, and the words are the same', () => {
  const summary = summaryOf([at(1, { flags: 'UH' })]);
  const coloured = logText(summary, 5, { width: 80, paint: colourPaint });
  expect(coloured).toContain('\u001b[');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(logText(summary, 5, { width: 80, paint: plainPaint }));
});
