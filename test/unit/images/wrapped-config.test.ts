import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configFile, type ShimStart, unwrapConfig, wrapConfig } from '../../../src/images/wrap/wrapped-config.ts';

const start: ShimStart = { words: [], env: {}, version: '1.2.3' };
const diffId = `sha256:${'a'.repeat(64)}`;
const wrap = (json: object, how: Partial<ShimStart> = {}) =>
  wrapConfig(configFile(json as Record<string, unknown>), diffId, { ...start, ...how });

const web = {
  created: '2024-05-06T07:08:09Z',
  architecture: 'amd64',
  os: 'linux',
  config: {
    User: '1000',
    Env: ['PATH=/bin', 'MESH_SHIM_QUIT=never'],
    Entrypoint: ['/app', '--', 'x'],
    Cmd: ['serve'],
    Labels: { a: 'b' },
    StopSignal: 'SIGQUIT',
  },
  rootfs: { type: 'layers', diff_ids: ['sha256:1', 'sha256:2'] },
  history: [{ created_by: 'COPY' }, { created_by: 'ENV', empty_layer: true }, { created_by: 'RUN' }],
  'moby.buildkit.buildinfo.v1': 'x',
};

it('puts the shim in front, adds the layer and tells of it; all else stays', () => {
  expect(wrap(web, { words: ['--mode=required'] })).toEqual({
    ...web,
    config: { ...web.config, Entrypoint: ['/mesh-shim', '--mode=required', '--', '/app', '--', 'x'] },
    rootfs: { type: 'layers', diff_ids: ['sha256:1', 'sha256:2', diffId] },
    history: [
      ...web.history,
      {
        created: '2024-05-06T07:08:09Z',
        created_by: 'mesh-shim image --mode=required',
        comment: `{"version":"1.2.3","layer":"${diffId}","before":{}}`,
      },
    ],
  });
});

it('sets variables: those that are there in their places, others behind them', () => {
  const { config } = wrap(web, { env: { MESH_SHIM_QUIT: 'always', MESH_SHIM_MODE: 'required' } });
  expect(config).toMatchObject({ Env: ['PATH=/bin', 'MESH_SHIM_QUIT=always', 'MESH_SHIM_MODE=required'] });
});

it.each([
  { Cmd: ['/app', 'serve'] },
  { Cmd: ['/app', 'serve'], Entrypoint: null },
  { Cmd: ['/app', 'serve'], Entrypoint: [] },
])('a command without an entrypoint stays the command: %j', (config) => {
  const { config: wrapped } = wrap({ config, rootfs: { diff_ids: [] } });
  expect(wrapped).toEqual({ Cmd: ['/app', 'serve'], Entrypoint: ['/mesh-shim', '--'] });
});

it('gives each layer its line of the history, where the image has none', () => {
  const { history } = wrap({ ...web, history: undefined });
  expect((history as object[]).slice(0, -1)).toEqual([{ created_by: 'unknown' }, { created_by: 'unknown' }]);
});

describe('taken off again', () => {
  it('is what was there', () => {
    const wrapped = wrap(web, { words: ['--group'], env: { MESH_SHIM_QUIT: 'always', MESH_SHIM_MODE: 'required' } });
    expect(unwrapConfig(configFile(wrapped))).toEqual(web);
  });

  it.each([
    ['never wrapped', web],
    ['with a layer on top', { ...wrap(web), history: [...(wrap(web).history as object[]), { created_by: 'RUN' }] }],
    ['squashed into one layer', { ...wrap(web), rootfs: { type: 'layers', diff_ids: ['sha256:3'] } }],
    ['another entrypoint since', { ...wrap(web), config: web.config }],
    ['a history that only looks so', { ...wrap(web), history: [{ created_by: 'mesh-shim image', comment: '{' }] }],
  ])('not where it is %s', (_, json) => {
    expect(unwrapConfig(configFile(json))).toBeUndefined();
  });

  const words = fc.array(fc.constantFrom('a', '--', '-x', '/app', ''), { maxLength: 3 });
  const absent = fc.constantFrom(null, undefined);
  const json = fc.record(
    {
      created: fc.constant('2024-05-06T07:08:09Z'),
      config: fc.record(
        {
          Cmd: fc.oneof(words, absent),
          Env: fc.oneof(fc.uniqueArray(fc.constantFrom('A=1', 'MESH_SHIM_QUIT=never', 'MESH_SHIM_MODE=')), absent),
          Entrypoint: fc.oneof(words, absent),
          User: fc.constant('1'),
        },
        { requiredKeys: [] },
      ),
      rootfs: fc.record({ type: fc.constant('layers'), diff_ids: fc.constantFrom([], ['1'], ['1', '2']) }),
      history: fc.oneof(fc.array(fc.record({ empty_layer: fc.boolean() }), { maxLength: 3 }), absent),
    },
    { requiredKeys: ['rootfs'] },
  );
  const how = fc.record({
    words: fc.uniqueArray(fc.constantFrom('--group', '--mode=required')),
    env: fc.dictionary(fc.constantFrom('MESH_SHIM_QUIT', 'MESH_SHIM_MODE'), fc.constantFrom('', 'x')),
  });

  it('and put on again, is byte by byte the same; with other options as if those before had never been', () => {
    fc.assert(
      fc.property(json, how, how, (image, first, second) => {
        const again = (from: object, options: typeof first) =>
          wrap(unwrapConfig(configFile(from as Record<string, unknown>)) ?? { lost: true }, options);
        const once = wrap(image, first);
        expect(JSON.stringify(again(once, first))).toBe(JSON.stringify(once));
        const parts = ({ config, rootfs }: Record<string, unknown>) => {
          const { Entrypoint, Cmd, Env } = config as Record<string, unknown>;
          return { Entrypoint, Cmd, Env: Env ?? [], rootfs };
        };
        expect(parts(again(once, second))).toEqual(parts(wrap(image, second)));
      }),
    );
  });
});
