import { describe, expect, it } from 'vitest';
import { parseHttpUrl } from '../../../../src/mesh/ask/endpoint.ts';
import type { Observation, Question } from '../../../../src/mesh/ask/question.ts';
import { parseServerInfo } from '../../../../src/mesh/ask/server-info.ts';
import type { Mesh } from '../../../../src/mesh/profiles/profiles.ts';
import type { Gate, GateVerdict, NotYetCause } from '../../../../src/mesh/wait/gate.ts';
import { trafficStatisticsPath } from '../../../../src/mesh/wait/proof.ts';
import { createSidecarGates } from '../../../../src/mesh/wait/sidecar-gates.ts';
import { recordedBody } from '../../../helpers/fixtures.ts';

/** What a made-up sidecar answers, by a part of the address that is asked; the last that fits counts. */
type World = Readonly<Record<string, Observation>>;

const says = (status: number, body = ''): Observation => ({ kind: 'reply', status, body });
const failed = (
  failure: 'refused' | 'timeout' | 'reset' | 'protocol' | 'unreachable',
  detail: string,
): Observation => ({ kind: 'failed', failure, detail, sent: failure !== 'refused' });
const refused = failed('refused', 'connect ECONNREFUSED 127.0.0.1:15000');
const hangs = failed('timeout', 'no answer within 5.0 s');
const info = (body: string, status = 200): Observation => {
  const serverInfo = parseServerInfo(body);
  return { kind: 'reply', status, body, ...(serverInfo ? { serverInfo } : {}) };
};
const istio = (state: string, metadata: object = { ENVOY_STATUS_PORT: 15_021 }) =>
  info(JSON.stringify({ state, node: { id: 'sidecar~10.0.0.1~a~b', metadata } }));
const plain = (state: string) => info(JSON.stringify({ state, node: { id: 'front', metadata: {} } }));
const workers = (count: number) => says(200, `listener_manager.workers_started: ${count}\n`);

const istioReady: World = {
  ':15000/ready': says(200, 'LIVE\n'),
  '/server_info': istio('LIVE'),
  ':15021/healthz/ready': says(200),
};
const plainReady: World = { ':15000/ready': says(200, 'LIVE\n'), '/server_info': plain('LIVE'), '/stats': workers(1) };

function answerOf(world: World, { endpoint }: Question): Observation {
  const [, answer] = Object.entries(world).findLast(([part]) => endpoint.text.includes(part)) ?? [];
  return answer ?? refused;
}

interface Asked {
  verdict: Exclude<GateVerdict, { kind: 'ask' }>;
  asked: string[];
}

function createJudge(mesh: Mesh, readyUrl?: string) {
  const addresses = { ready: readyUrl === undefined ? [] : [parseHttpUrl(readyUrl)] };
  const [gate] = createSidecarGates(mesh, { addresses, proof: 'auto', read: () => undefined }) as [Gate];
  return (world: World): Asked => {
    const asked: string[] = [];
    for (;;) {
      const question = gate.next();
      expect(gate.next()).toEqual(question);
      asked.push(question.endpoint.text.replace('http://localhost', ''));
      const verdict = gate.observe(answerOf(world, question));
      if (verdict.kind !== 'ask') return { verdict, asked };
      if (asked.length > 10) throw new Error(`asks without end: ${asked.join(' ')}`);
    }
  };
}

const judge = (world: World, mesh: Mesh = 'auto', readyUrl?: string) => createJudge(mesh, readyUrl)(world);

describe('ready', () => {
  it.each<[string, Mesh, World, string]>([
    ['Istio: LIVE, and 15021 says 200', 'auto', istioReady, 'LIVE, http://localhost:15021/healthz/ready says 200'],
    ['Istio by name', 'istio', istioReady, 'LIVE, http://localhost:15021/healthz/ready says 200'],
    ['a plain Envoy: LIVE, and its workers have started', 'auto', plainReady, 'LIVE, workers started'],
    [
      'an Envoy by name, whoever made it',
      'envoy',
      { ...plainReady, '/server_info': istio('LIVE') },
      'LIVE, workers started',
    ],
    [
      'an Envoy that does not count its workers',
      'envoy',
      { ...plainReady, '/stats': says(200, '') },
      'LIVE (workers not shown)',
    ],
    [
      'an admin that hides its numbers',
      'envoy',
      { ...plainReady, '/stats': says(404, 'not found') },
      'LIVE (workers not shown)',
    ],
    [
      'Istio with its status port moved',
      'auto',
      {
        ...istioReady,
        '/server_info': istio('LIVE', { ENVOY_STATUS_PORT: '16021' }),
        ':16021/healthz/ready': says(200),
        ':15021/': says(503),
      },
      'LIVE, http://localhost:16021/healthz/ready says 200',
    ],
    [
      'the admin is refused, 15021 says 200',
      'auto',
      { ':15021': says(200) },
      'http://localhost:15021/healthz/ready says 200; http://localhost:15000/server_info: connect ECONNREFUSED 127.0.0.1:15000',
    ],
    [
      'the admin is locked with 403',
      'auto',
      { ':15000': says(403), ':15021': says(200) },
      'http://localhost:15021/healthz/ready says 200; http://localhost:15000/server_info says 403',
    ],
    [
      'the admin is locked with 401',
      'auto',
      { ':15000': says(401), ':15021': says(200) },
      'http://localhost:15021/healthz/ready says 200; http://localhost:15000/server_info says 401',
    ],
    [
      'the admin shows nothing, 404',
      'auto',
      { ':15000': says(404), ':15021': says(200) },
      'http://localhost:15021/healthz/ready says 200; http://localhost:15000/server_info says 404',
    ],
    [
      'an old Envoy without /ready',
      'envoy',
      { ':15000/ready': says(404), '/server_info': info('envoy abc/1.8.0 live 59 59 0\n'), '/stats': workers(1) },
      'LIVE, workers started',
    ],
    ['Linkerd, which has no admin', 'linkerd', { ':4191/ready': says(200) }, 'http://localhost:4191/ready says 200'],
    ['Dapr, which says 204', 'dapr', { ':3500/': says(204) }, 'http://localhost:3500/v1.0/healthz/outbound says 204'],
    [
      'Kuma, whose admin only the sidecar sees: the word of Envoy that is handed on',
      'kuma',
      { ':9902/ready': says(200, 'LIVE\n') },
      'http://localhost:9902/ready says 200; http://localhost:9901/server_info: connect ECONNREFUSED 127.0.0.1:15000',
    ],
    [
      'Kuma with its admin on TCP, whatever its helper says',
      'kuma',
      { ':9901/server_info': plain('LIVE'), ':9901/stats': workers(1), ':9902/ready': says(503) },
      'LIVE, workers started',
    ],
    [
      'the Cloud SQL Auth Proxy',
      'cloud-sql-proxy',
      { ':9090/startup': says(200) },
      'http://localhost:9090/startup says 200',
    ],
    [
      'Consul',
      'consul',
      { ':19000/ready': says(200, 'LIVE'), ':19000/server_info': plain('LIVE'), ':19000/stats': workers(1) },
      'LIVE, workers started',
    ],
  ])('%s', (_, mesh, world, proof) => {
    expect(judge(world, mesh).verdict).toMatchObject({ kind: 'ready', proof });
  });

  it('with what the sidecar says of itself', () => {
    expect(judge(istioReady).verdict).toMatchObject({ serverInfo: { state: 'LIVE', istio: { statusPort: 15_021 } } });
  });
});

describe('not yet', () => {
  it.each<[string, NotYetCause, Mesh, World, string]>([
    [
      'PRE_INITIALIZING',
      'initializing',
      'auto',
      { ...istioReady, '/server_info': istio('PRE_INITIALIZING') },
      'the sidecar is PRE_INITIALIZING',
    ],
    [
      'INITIALIZING',
      'initializing',
      'auto',
      { ...istioReady, '/server_info': istio('INITIALIZING') },
      'the sidecar is INITIALIZING',
    ],
    [
      'DRAINING, although 15021 says 200',
      'draining',
      'auto',
      { ...istioReady, '/server_info': istio('DRAINING') },
      'the sidecar is DRAINING',
    ],
    [
      'LIVE while 15021 says 503: rejected listeners',
      'configuration',
      'auto',
      { ...istioReady, ':15021': says(503) },
      'the sidecar is LIVE, but http://localhost:15021/healthz/ready says 503 (listeners or clusters not received, or rejected)',
    ],
    [
      'LIVE while 15021 redirects',
      'configuration',
      'auto',
      { ...istioReady, ':15021': says(302) },
      'the sidecar is LIVE, but http://localhost:15021/healthz/ready says 302 (listeners or clusters not received, or rejected)',
    ],
    [
      'LIVE while 15021 is refused',
      'no-readiness',
      'auto',
      { ...istioReady, ':15021': refused },
      'the sidecar is LIVE, but http://localhost:15021/healthz/ready: connect ECONNREFUSED 127.0.0.1:15000',
    ],
    [
      'LIVE before the workers',
      'workers',
      'auto',
      { ...plainReady, '/stats': workers(0) },
      'the sidecar is LIVE, but its workers have not started',
    ],
    [
      'LIVE while the numbers fail',
      'no-answer',
      'envoy',
      { ...plainReady, '/stats': says(503) },
      `http://localhost:15000${trafficStatisticsPath} says 503`,
    ],
    [
      'a label that says LIVE',
      'initializing',
      'auto',
      {
        ...istioReady,
        '/server_info': info(
          recordedBody('istio-1.31_envoy-1.40.server_info.PRE_INITIALIZING_with_label_state_LIVE.json'),
        ),
      },
      'the sidecar is PRE_INITIALIZING',
    ],
    [
      '500 with a LIVE body',
      'not-envoy',
      'auto',
      { ...istioReady, ':15000/': info('{"state":"LIVE"}', 500) },
      'http://localhost:15000/server_info says 500 ({"state":"LIVE"})',
    ],
    [
      'a redirect',
      'not-envoy',
      'auto',
      { ...istioReady, ':15000/': info('{"state":"LIVE"}', 302) },
      'http://localhost:15000/server_info says 302',
    ],
    [
      '200 with something else',
      'not-envoy',
      'auto',
      { ...istioReady, ':15000/': says(200, 'hello') },
      'http://localhost:15000/server_info says 200, but not what Envoy says there',
    ],
    [
      'an admin that hangs, although 15021 says 200',
      'no-answer',
      'auto',
      { ...istioReady, ':15000/': hangs },
      'http://localhost:15000/server_info gave no usable answer: no answer within 5.0 s',
    ],
    [
      'an admin that resets',
      'no-answer',
      'auto',
      { ...istioReady, ':15000/': failed('reset', 'ECONNRESET before an answer') },
      'http://localhost:15000/server_info gave no usable answer: ECONNRESET before an answer',
    ],
    [
      'the admin locked, 15021 says 503',
      'says-no',
      'auto',
      { ':15000': says(403), ':15021': says(503) },
      'http://localhost:15000/server_info says 403; http://localhost:15021/healthz/ready says 503',
    ],
    [
      'the admin refused, 15021 hangs',
      'no-answer',
      'auto',
      { ':15021': hangs },
      'http://localhost:15000/server_info: connect ECONNREFUSED 127.0.0.1:15000; http://localhost:15021/healthz/ready gave no usable answer: no answer within 5.0 s',
    ],
    [
      'a plain Envoy whose admin is locked',
      'locked',
      'envoy',
      { ':15000': says(403), ':15021': says(200) },
      'http://localhost:15000/server_info says 403',
    ],
    ['Linkerd says 503', 'says-no', 'linkerd', { ':4191/ready': says(503) }, 'http://localhost:4191/ready says 503'],
    [
      'LIVE, and what is on 15021 knows no readiness',
      'not-found',
      'auto',
      { ...istioReady, ':15021': says(404) },
      'the sidecar is LIVE, but http://localhost:15021/healthz/ready says 404',
    ],
    ['Linkerd redirects', 'says-no', 'linkerd', { ':4191/ready': says(301) }, 'http://localhost:4191/ready says 301'],
    [
      'LIVE while 15021 hangs',
      'no-answer',
      'auto',
      { ...istioReady, ':15021': hangs },
      'the sidecar is LIVE, but http://localhost:15021/healthz/ready gave no usable answer: no answer within 5.0 s',
    ],
    [
      'the admin locked, 15021 is refused',
      'no-readiness',
      'auto',
      { ':15000': says(403) },
      'http://localhost:15000/server_info says 403; http://localhost:15021/healthz/ready: connect ECONNREFUSED 127.0.0.1:15000',
    ],
    [
      'workers of which nothing is heard',
      'no-answer',
      'envoy',
      { ...plainReady, '/stats': hangs },
      `http://localhost:15000${trafficStatisticsPath} gave no usable answer: no answer within 5.0 s`,
    ],
    [
      'Linkerd hangs',
      'no-answer',
      'linkerd',
      { ':4191/ready': hangs },
      'http://localhost:4191/ready gave no usable answer: no answer within 5.0 s',
    ],
  ])('%s: %s', (_, cause, mesh, world, reason) => {
    expect(judge(world, mesh).verdict).toEqual({ kind: 'not-yet', reason, cause });
  });

  it('and absent, where nothing listens at all', () => {
    const reason = 'http://localhost:15000/server_info: connect ECONNREFUSED 127.0.0.1:15000';
    for (const mesh of ['auto', 'istio', 'envoy'] as const) {
      expect(judge({}, mesh).verdict).toEqual({ kind: 'not-yet', reason, cause: 'absent' });
    }
    expect(judge({}, 'linkerd').verdict).toMatchObject({ kind: 'not-yet', cause: 'absent' });
  });
});

describe('a readiness address of the user', () => {
  const url = 'http://localhost:9000/up';

  it('must say 200 as well', () => {
    expect(judge({ ...istioReady, ':9000': says(503) }, 'auto', url).verdict).toEqual({
      kind: 'not-yet',
      reason: 'the sidecar is LIVE, but http://localhost:9000/up says 503',
      // What it means by that, only the user knows.
      cause: 'says-no',
    });
    expect(judge({ ...istioReady, ':9000': says(200) }, 'auto', url).verdict).toMatchObject({ kind: 'ready' });
    expect(judge({ ...plainReady, ':9000': says(503) }, 'envoy', url).verdict).toMatchObject({ kind: 'not-yet' });
    expect(judge({ ...plainReady, ':9000': says(200) }, 'envoy', url).verdict).toMatchObject({ kind: 'ready' });
  });

  it('takes the place of the one of the profile', () => {
    expect(judge({ ...istioReady, ':15021': says(503), ':9000': says(200) }, 'auto', url).verdict.kind).toBe('ready');
    expect(judge({ ':9000': says(200) }, 'linkerd', url).verdict.kind).toBe('ready');
  });

  it('decides alone where the admin is locked', () => {
    expect(judge({ ':15000': says(403), ':9000': says(200) }, 'envoy', url).verdict.kind).toBe('ready');
  });
});

describe('what is asked', () => {
  it('of a young sidecar once what it is, then only the few bytes of /ready', () => {
    const ask = createJudge('auto');
    const young = {
      ...istioReady,
      ':15000/ready': says(503, 'INITIALIZING\n'),
      '/server_info': istio('PRE_INITIALIZING'),
    };
    expect(ask(young).asked).toEqual([':15000/server_info']);
    for (let round = 0; round < 5; round++) {
      expect(ask(young)).toMatchObject({
        asked: [':15000/ready'],
        verdict: { kind: 'not-yet', reason: 'the sidecar is INITIALIZING' },
      });
    }
    expect(ask(istioReady).asked).toEqual([':15000/ready', ':15021/healthz/ready']);
  });

  it('of a sidecar that is LIVE at once the document, as the proof', () => {
    expect(createJudge('auto')(istioReady).asked).toEqual([':15000/server_info', ':15021/healthz/ready']);
  });

  it('the document again as long as it says nothing of use', () => {
    const ask = createJudge('auto');
    const mute = { ...istioReady, '/server_info': says(500) };
    for (let round = 0; round < 3; round++) expect(ask(mute).asked).toEqual([':15000/server_info']);
    expect(ask(istioReady).asked).toEqual([':15000/server_info', ':15021/healthz/ready']);
  });

  it('the large document once, while readiness is awaited', () => {
    const ask = createJudge('auto');
    const held = { ...istioReady, ':15021': says(503) };
    expect(ask(held).asked).toContain(':15000/server_info');
    for (let round = 0; round < 5; round++) expect(ask(held).asked).toEqual([':15000/ready', ':15021/healthz/ready']);
  });

  it('the document anew after the sidecar was gone: another one may have come', () => {
    const ask = createJudge('auto');
    expect(ask({ ...istioReady, ':15021': says(503) }).verdict.kind).toBe('not-yet');
    expect(ask({}).verdict).toMatchObject({ cause: 'absent' });
    expect(ask(plainReady)).toMatchObject({
      asked: [':15000/server_info', `:15000${trafficStatisticsPath}`],
      verdict: { kind: 'ready', proof: 'LIVE, workers started' },
    });
  });

  it('readiness at the port of the sidecar that is there now', () => {
    const ask = createJudge('auto');
    const moved = { ...istioReady, '/server_info': istio('LIVE', { ENVOY_STATUS_PORT: 16_021 }) };
    expect(ask({ ...istioReady, ':15021': says(503) }).asked).toEqual([':15000/server_info', ':15021/healthz/ready']);
    ask({});
    expect(ask(moved).asked).toEqual([':15000/server_info', ':16021/healthz/ready']);
    expect(ask({ ...moved, ':16021': says(200) }).verdict.kind).toBe('ready');
  });

  it('no more of an Envoy that is gone than tells so', () => {
    const ask = createJudge('envoy');
    ask({ '/server_info': plain('INITIALIZING') });
    expect(ask({})).toMatchObject({ asked: [':15000/ready'], verdict: { cause: 'absent' } });
    ask({ '/server_info': plain('INITIALIZING') });
    const gone = { ...plainReady, '/stats': refused };
    expect(ask(gone)).toMatchObject({ verdict: { kind: 'not-yet', cause: 'absent' } });
  });

  it('/ready again after an answer that no Envoy gives, but not after one that says that there is none', () => {
    const ask = createJudge('envoy');
    const odd = { ':15000/ready': says(500, 'oops'), '/server_info': plain('INITIALIZING') };
    ask(odd);
    for (let round = 0; round < 2; round++) expect(ask(odd).asked).toEqual([':15000/ready', ':15000/server_info']);
    const old = { ':15000/ready': says(404), '/server_info': plain('INITIALIZING') };
    expect(ask(old).asked).toEqual([':15000/ready', ':15000/server_info']);
    expect(ask({ ':15000': says(403) }).asked).toEqual([':15000/server_info']);
    for (let round = 0; round < 2; round++) expect(ask(old).asked).toEqual([':15000/server_info']);
  });

  it('/ready again, where another Envoy has come in the place of one without it', () => {
    const ask = createJudge('envoy');
    const old = { ':15000/ready': says(404), '/server_info': info('envoy abc/1.8.0 draining 5 5 0\n') };
    ask(old);
    expect(ask(old).asked).toEqual([':15000/ready', ':15000/server_info']);
    expect(ask(old).asked).toEqual([':15000/server_info']);
    expect(ask({}).verdict).toMatchObject({ cause: 'absent' });
    const young = { ':15000/ready': says(503, 'INITIALIZING\n'), '/server_info': plain('INITIALIZING') };
    expect(ask(young).asked).toEqual([':15000/server_info']);
    expect(ask(young).asked).toEqual([':15000/ready']);
  });

  it('of an Envoy without /ready the document', () => {
    const ask = createJudge('envoy');
    const old = { ':15000/ready': says(404), '/server_info': info('envoy abc/1.8.0 draining 5 5 0\n') };
    expect(ask(old).asked).toEqual([':15000/server_info']);
    expect(ask(old).asked).toEqual([':15000/ready', ':15000/server_info']);
    expect(ask(old)).toMatchObject({ asked: [':15000/server_info'], verdict: { reason: 'the sidecar is DRAINING' } });
  });
});
