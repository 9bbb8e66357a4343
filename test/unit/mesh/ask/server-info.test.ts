import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createServerInfoReader,
  envoyStates,
  parseServerInfo,
  type ServerInfo,
} from '../../../../src/mesh/ask/server-info.ts';
import { recordedBody } from '../../../helpers/fixtures.ts';
import { anyOrder, pieces } from '../../../helpers/json-documents.ts';

/** What a wait would know of a body that comes in these pieces, and after how many bytes. */
function read(texts: readonly string[]): { info: ServerInfo | undefined; bytes: number } {
  const reader = createServerInfoReader();
  let bytes = 0;
  for (const text of texts) {
    bytes += text.length;
    if (reader.push(text)) return { info: reader.seen(), bytes };
  }
  return { info: parseServerInfo(texts.join('')), bytes };
}

const chars = (text: string, size: number): string[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size));

describe('recorded answers', () => {
  it.each([
    ['istio-1.31_envoy-1.40.server_info.PRE_INITIALIZING.http', 'PRE_INITIALIZING'],
    ['istio-1.31_envoy-1.40.server_info.INITIALIZING.http', 'INITIALIZING'],
    ['istio-1.31_envoy-1.40.server_info.LIVE.http', 'LIVE'],
    ['istio-1.31_envoy-1.40.server_info.DRAINING.http', 'DRAINING'],
    ['istio-1.31_envoy-1.36.server_info.LIVE.http', 'LIVE'],
    ['istio-1.31_envoy-1.40.server_info.PRE_INITIALIZING_with_label_state_LIVE.json', 'PRE_INITIALIZING'],
  ])('%s is %s, of 100 KB the first 4 say enough', (name, state) => {
    const body = recordedBody(name);
    expect(body.length).toBeGreaterThan(100_000);
    const { info, bytes } = read(chars(body, 256));
    expect(info).toMatchObject({ state, istio: { statusPort: 15_021 }, nodeId: expect.stringMatching(/^sidecar~/) });
    expect(bytes).toBeLessThan(4_096);
    // Istio's version comes later: known where the whole document is.
    for (const { info: same } of [read([body]), read(chars(body, 1))]) {
      expect(same).toMatchObject({ state, nodeId: info?.nodeId, istio: { statusPort: 15_021 } });
    }
    expect(parseServerInfo(body)).toMatchObject({ state, istio: { statusPort: 15_021 } });
  });

  it('a document in another order is read to its end', () => {
    const document = JSON.parse(
      recordedBody('istio-1.31_envoy-1.40.server_info.PRE_INITIALIZING_with_label_state_LIVE.json'),
    ) as object;
    const reversed = JSON.stringify(Object.fromEntries(Object.entries(document).reverse()));
    expect(read(chars(reversed, 4_096)).info).toMatchObject({
      state: 'PRE_INITIALIZING',
      istio: { statusPort: 15_021 },
    });
  });
});

describe('other Envoys', () => {
  it.each([
    [
      'envoy 1.8',
      'envoy 5d25f466c3410c0dfa735d7d4358beb76b2da507/1.8.0/Clean live 59 59 0\n',
      { state: 'LIVE', version: '5d25f466c3410c0dfa735d7d4358beb76b2da507/1.8.0/Clean' },
    ],
    ['envoy 1.8, draining', 'envoy abc/1.8.0 draining 59 59 0\n', { state: 'DRAINING', version: 'abc/1.8.0' }],
    [
      'a plain one',
      '{"version":"v","state":"LIVE","node":{"id":"front","metadata":{}}}',
      { state: 'LIVE', version: 'v', nodeId: 'front' },
    ],
    ['one without a node', '{"state":"LIVE"}', { state: 'LIVE' }],
    [
      'a router of Istio',
      '{"state":"LIVE","node":{"id":"router~x"}}',
      { state: 'LIVE', nodeId: 'router~x', istio: {} },
    ],
    [
      'a port as text',
      '{"state":"LIVE","node":{"id":"x","metadata":{"ENVOY_STATUS_PORT":"16021"}}}',
      { state: 'LIVE', nodeId: 'x', istio: { statusPort: 16_021 } },
    ],
    [
      'a port that is none',
      '{"state":"LIVE","node":{"id":"sidecar~","metadata":{"ENVOY_STATUS_PORT":70000}}}',
      { state: 'LIVE', nodeId: 'sidecar~', istio: {} },
    ],
  ])('%s', (_, body, info) => {
    expect(parseServerInfo(body)).toEqual(info);
    expect(read([body]).info).toEqual(info);
  });
});

describe('no proof of anything', () => {
  it.each([
    ['nothing', ''],
    ['a word', 'LIVE'],
    ['HTML', '<html>"state": "LIVE"</html>'],
    ['a state that Envoy does not have', '{"state":"READY"}'],
    ['a state in lower case', '{"state":"live"}'],
    ['a state that is a number', '{"state":0}'],
    ['a state inside a list', '[{"state":"LIVE"}]'],
    ['half a document', '{"version":"v","state":"LIVE","node":{"id":"sid'],
    ['a deep one', `${'['.repeat(200_000)}{"state":"LIVE"}`],
    ['old text that is cut', 'envoy abc'],
    ['old text with another word', 'envoy abc initializing 1 1 0\n'],
    ['an empty key', '{"":{"state":"LIVE","node":{"id":"sidecar~","metadata":{"ENVOY_STATUS_PORT":1}}}}'],
  ])('%s', (_, body) => {
    expect(read([body]).info).toBeUndefined();
    expect(read(chars(body.slice(0, 2_000), 1)).info).toBeUndefined();
  });
});

it('says the same as the whole document, whatever the order of the keys and the pieces', () => {
  const state = fc.constantFrom<unknown>(...envoyStates, 'live', 3, null);
  const metadata = fc.record(
    {
      ISTIO_VERSION: fc.constantFrom<unknown>('1.31.0', 5),
      ENVOY_STATUS_PORT: fc.constantFrom<unknown>(15_021, '16000', 'x', 0),
      LABELS: fc.dictionary(fc.constantFrom('state', 'node', 'app'), fc.constantFrom('LIVE', 'x')),
      state: fc.constant('LIVE'),
    },
    { requiredKeys: [] },
  );
  const node = fc.record(
    { id: fc.constantFrom('sidecar~10.0.0.1~a', 'front', ''), metadata, state: fc.constant('LIVE') },
    { requiredKeys: [] },
  );
  const document = fc.record(
    {
      state,
      node,
      version: fc.string(),
      extensions: fc.array(fc.jsonValue()),
      labels: fc.dictionary(fc.string(), state),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(document, fc.infiniteStream(fc.nat(9)), pieces, (value, ranks, cuts) => {
      const text = JSON.stringify(anyOrder(value, ranks));
      const whole = parseServerInfo(text);
      const { info } = read(cuts(text));
      expect([info?.state, info?.nodeId, info?.istio !== undefined]).toEqual([
        whole?.state,
        whole?.nodeId,
        whole?.istio !== undefined,
      ]);
      if (info?.istio?.statusPort !== undefined) expect(info.istio.statusPort).toBe(whole?.istio?.statusPort);
    }),
    { numRuns: 2_000 },
  );
});
