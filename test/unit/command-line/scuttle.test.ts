import { describe, expect, it } from 'vitest';
import { optionTable } from '../../../src/command-line/options.ts';
import { readScuttleVariables } from '../../../src/command-line/scuttle.ts';
import { scuttleVariables } from '../../../src/command-line/scuttle-variables.ts';

type Variable = keyof typeof scuttleVariables;

const admin = { ENVOY_ADMIN_API: 'http://127.0.0.1:15000' };
const read = (env: Record<string, string>) => readScuttleVariables(new Map(Object.entries(env)));
const textsOf = (env: Record<string, string>) =>
  Object.fromEntries([...read(env).values].map(([name, { texts }]) => [name, texts]));

/** A text for each, with which it has its effect. */
const samples: Record<Variable, string> = {
  ENVOY_ADMIN_API: admin.ENVOY_ADMIN_API,
  ISTIO_QUIT_API: 'http://127.0.0.1:15020',
  GENERIC_QUIT_ENDPOINTS: 'http://a/x',
  START_WITHOUT_ENVOY: 'true',
  WAIT_FOR_ENVOY_TIMEOUT: '30s',
  QUIT_WITHOUT_ENVOY_TIMEOUT: '30s',
  NEVER_KILL_ISTIO: 'true',
  NEVER_KILL_ISTIO_ON_FAILURE: 'true',
  QUIT_REQUEST_TIMEOUT: '3s',
  SCUTTLE_LOGGING: 'true',
  GENERIC_QUIT_ONLY: 'true',
  BYPASS_SIGURG: 'true',
  ISTIO_FALLBACK_PKILL: 'true',
};

describe('the table says what each variable becomes, and nothing else', () => {
  it.each(Object.entries(samples) as [Variable, string][])('%s', (variable, text) => {
    const more = variable === 'GENERIC_QUIT_ONLY' ? { GENERIC_QUIT_ENDPOINTS: 'http://a/x' } : {};
    const { values } = read({ ...admin, ...more, [variable]: text });
    const set = [...values].filter(([, { source }]) => source === variable).map(([name]) => optionTable[name].flag);
    const said = new Set(scuttleVariables[variable].match(/--[a-z-]+/g));
    expect([...said].sort()).toEqual(set.sort());
  });
});

it('without any of them there is nothing to read', () => {
  for (const env of [{}, { PATH: '/bin' }, { ENVOY_ADMIN_API: ' ' }]) {
    expect(read(env)).toEqual({ values: new Map(), notes: [] });
  }
});

it('what is set, all of it', () => {
  expect(textsOf(admin)).toEqual({
    adminUrl: ['http://127.0.0.1:15000'],
    timeoutMs: ['0'],
    mode: ['required'],
    quit: ['always'],
    quitTimeoutMs: ['5s'],
  });
  expect(textsOf({ ISTIO_QUIT_API: 'http://127.0.0.1:15020' })).toEqual({ mesh: ['none'], quit: ['never'] });
  expect(textsOf({ SCUTTLE_LOGGING: 'true' })).toEqual({ logLevel: ['info'] });
  // The one that says how much to log says nothing about waiting.
  expect(read({ SCUTTLE_LOGGING: 'false', ISTIO_QUIT_API: 'x' }).notes).toEqual([
    'SCUTTLE_LOGGING=false is read as --log-level warn',
    'ISTIO_QUIT_API without ENVOY_ADMIN_API is read as --mesh none --quit never, as scuttle does',
  ]);
});

describe('an Envoy elsewhere serves others, too', () => {
  it.each([
    ['http://127.0.0.1:15000', 'always'],
    ['http://localhost:15000', 'always'],
    ['http://envoy:15000', 'never'],
  ])('%s: --quit %s', (url, quit) => {
    expect(textsOf({ ENVOY_ADMIN_API: url }).quit).toEqual([quit]);
  });

  it('it stays also when told to end it on success', () => {
    const env = { ENVOY_ADMIN_API: 'http://envoy:15000', NEVER_KILL_ISTIO_ON_FAILURE: 'true' };
    expect(textsOf(env).quit).toEqual(['never']);
    expect(read(env).notes).toHaveLength(1);
  });
});

describe('the addresses to tell', () => {
  const agent = 'http://localhost:15020/quitquitquit';
  it.each<[Record<string, string>, string[] | undefined, string]>([
    [{}, undefined, ''],
    [{ ISTIO_QUIT_API: 'http://a:1' }, ['http://a:1/quitquitquit'], 'ISTIO_QUIT_API'],
    [{ ISTIO_QUIT_API: 'http://a:1/' }, ['http://a:1/quitquitquit'], 'ISTIO_QUIT_API'],
    [{ GENERIC_QUIT_ENDPOINTS: 'http://a/x' }, ['http://a/x', agent], 'GENERIC_QUIT_ENDPOINTS'],
    [
      { GENERIC_QUIT_ENDPOINTS: ' http://a/x ,, http://b/y' },
      ['http://a/x', 'http://b/y', agent],
      'GENERIC_QUIT_ENDPOINTS',
    ],
    [
      { GENERIC_QUIT_ENDPOINTS: 'http://127.0.0.1:15020/quitquitquit' },
      ['http://127.0.0.1:15020/quitquitquit'],
      'GENERIC_QUIT_ENDPOINTS',
    ],
    [
      { GENERIC_QUIT_ENDPOINTS: 'http://a/x', ISTIO_QUIT_API: 'http://b:1' },
      ['http://a/x', 'http://b:1/quitquitquit'],
      'ISTIO_QUIT_API',
    ],
  ])('%j', (env, urls, source) => {
    const { values, notes } = read({ ...admin, ...env });
    expect(values.get('quitUrl')).toEqual(urls && { texts: urls, source });
    const generic = notes.find((note) => note.startsWith('GENERIC_QUIT_ENDPOINTS'));
    expect(generic !== undefined).toBe('GENERIC_QUIT_ENDPOINTS' in env);
    const told = (urls ?? []).filter((url) => !('ISTIO_QUIT_API' in env) || url.startsWith('http://a/x'));
    if (generic) expect(generic).toContain(` is read as ${told.map((url) => `--quit-url ${url}`).join(' ')}`);
  });
});

describe('toggles', () => {
  it.each([
    ['true', 'never'],
    ['TRUE', 'never'],
    ['t', 'never'],
    ['1', 'never'],
    ['', 'always'],
    ['false', 'always'],
    ['F', 'always'],
    ['0', 'always'],
  ])('NEVER_KILL_ISTIO=%s: --quit %s', (text, quit) => {
    expect(textsOf({ ...admin, NEVER_KILL_ISTIO: text }).quit).toEqual([quit]);
  });

  it.each(['START_WITHOUT_ENVOY', 'NEVER_KILL_ISTIO', 'NEVER_KILL_ISTIO_ON_FAILURE', 'SCUTTLE_LOGGING'])(
    '%s: what Go does not take is ignored, and told',
    (variable) => {
      expect(textsOf({ ...admin, [variable]: 'Yes' })).toEqual(textsOf(admin));
      expect(read({ ...admin, [variable]: 'Yes' }).notes).toContain(
        `${variable}=Yes is ignored, as scuttle does: expected true or false`,
      );
    },
  );
});

describe('GENERIC_QUIT_ONLY', () => {
  const only = { GENERIC_QUIT_ONLY: 'true', GENERIC_QUIT_ENDPOINTS: 'http://a/x,http://b/y' };
  it('tells those and nobody else, with the admin or without', () => {
    expect(textsOf(only)).toEqual({ mesh: ['none'], quit: ['always'], quitUrl: ['http://a/x', 'http://b/y'] });
    const { quitUrl, quit } = textsOf({ ...admin, ...only, ISTIO_QUIT_API: 'http://c:1' });
    expect([quitUrl, quit]).toEqual([['http://a/x', 'http://b/y'], ['always']]);
    expect(textsOf({ ENVOY_ADMIN_API: 'http://envoy:15000', ...only }).quit).toEqual(['always']);
  });

  it('without an address tells nobody', () => {
    expect(textsOf({ GENERIC_QUIT_ONLY: 'true' })).toEqual({ mesh: ['none'], quit: ['never'] });
  });
});

describe('addresses that cannot be told are left out, and told of', () => {
  it.each<[Record<string, string>, string[] | undefined, string]>([
    [
      { GENERIC_QUIT_ENDPOINTS: 'https://a/x, http://b/y' },
      ['http://b/y', 'http://localhost:15020/quitquitquit'],
      'GENERIC_QUIT_ENDPOINTS',
    ],
    [{ ISTIO_QUIT_API: '127.0.0.1:15020' }, undefined, 'ISTIO_QUIT_API'],
  ])('%j', (env, urls, variable) => {
    expect(textsOf({ ...admin, ...env }).quitUrl).toEqual(urls);
    expect(read({ ...admin, ...env }).notes.join('\n')).toMatch(
      new RegExp(`${variable}=.* is ignored, as scuttle does`),
    );
  });
});

describe('limits', () => {
  it.each<[Record<string, string>, Record<string, string[]>]>([
    [{ WAIT_FOR_ENVOY_TIMEOUT: '0' }, { timeoutMs: ['0'] }],
    [{ QUIT_WITHOUT_ENVOY_TIMEOUT: '0s' }, { timeoutMs: ['0'] }],
    [{ WAIT_FOR_ENVOY_TIMEOUT: '30s' }, { timeoutMs: ['30s'], onTimeout: ['start'] }],
    [
      { WAIT_FOR_ENVOY_TIMEOUT: '30s', QUIT_WITHOUT_ENVOY_TIMEOUT: '9s' },
      { timeoutMs: ['9s'], onTimeout: ['exit'] },
    ],
    [
      { QUIT_WITHOUT_ENVOY_TIMEOUT: '9s', START_WITHOUT_ENVOY: 'true' },
      { timeoutMs: ['1ms'], onTimeout: ['start'] },
    ],
  ])('%j', (env, texts) => {
    expect(textsOf({ ...admin, ...env })).toMatchObject(texts);
    expect(textsOf({ ...admin, ...env }).onTimeout).toEqual(texts.onTimeout);
  });

  it.each(['30', 'soon', '5 s', '-', '+', '1d'])('%j is no duration of Go: ignored, and told', (text) => {
    expect(textsOf({ ...admin, WAIT_FOR_ENVOY_TIMEOUT: text }).timeoutMs).toEqual(['0']);
    expect(read({ ...admin, WAIT_FOR_ENVOY_TIMEOUT: text }).notes.join('\n')).toContain(`=${text} is ignored`);
  });

  it.each([
    ['+2m', '120000ms'],
    ['1500us', '1.5ms'],
    ['2000000ns', '2ms'],
    ['1h30m', '1h30m'],
  ])('%s of Go is %s', (text, ours) => {
    expect(textsOf({ ...admin, WAIT_FOR_ENVOY_TIMEOUT: text }).timeoutMs).toEqual([ours]);
  });

  it('none, or less, is no limit', () => {
    for (const text of ['0', '0s', '-1s']) {
      expect(textsOf({ ...admin, WAIT_FOR_ENVOY_TIMEOUT: text }).timeoutMs).toEqual(['0']);
    }
  });

  it('of the quit: the one given, and else the one of scuttle, which is no news', () => {
    expect(textsOf({ ...admin, QUIT_REQUEST_TIMEOUT: '3s' }).quitTimeoutMs).toEqual(['3s']);
    expect(read({ ...admin, QUIT_REQUEST_TIMEOUT: '3s' }).notes).toContain(
      'QUIT_REQUEST_TIMEOUT=3s is read as --quit-timeout 3s',
    );
    expect(read(admin).notes.some((note) => note.startsWith('QUIT_REQUEST_TIMEOUT'))).toBe(false);
  });
});
