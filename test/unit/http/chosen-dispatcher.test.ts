import * as undici8 from 'undici';
import * as undici6 from 'undici6';
import * as undici7 from 'undici7';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { chosenDispatcher } from '../../../src/http/chosen-dispatcher.ts';

const versions = { 6: undici6, 7: undici7, 8: undici8 } as unknown as Record<string, typeof undici8>;
const slots = globalThis as unknown as Record<symbol, unknown>;
const [older, newer] = [1, 2].map((version) => Symbol.for(`undici.globalDispatcher.${version}`)) as [symbol, symbol];
const before = [slots[older], slots[newer]] as const;
const clear = () => {
  [slots[older], slots[newer]] = before;
};
afterEach(() => {
  clear();
  vi.unstubAllEnvs();
});

/** What an app gives to `setGlobalDispatcher` because it wants that one. */
const wanted: Record<string, (undici: typeof undici8) => undici8.Dispatcher> = {
  'an Agent with an option': ({ Agent }) => new Agent({ connections: 1 }),
  'an Agent with TLS of its own': ({ Agent }) => new Agent({ connect: { ca: 'x' } }),
  'an Agent with a factory': ({ Agent, Pool }) =>
    new Agent({ factory: (origin, options) => new Pool(origin, options) }),
  'an Agent that is composed': ({ Agent }) => new Agent().compose((dispatch) => dispatch),
  'an Agent that is watched': ({ Agent }) => {
    const agent = new Agent();
    const dispatch = agent.dispatch.bind(agent);
    agent.dispatch = (...args) => dispatch(...args);
    return agent;
  },
  'a subclass': ({ Agent }) => new (class Watched extends Agent {})(),
  'a MockAgent': ({ MockAgent }) => new MockAgent(),
  'a ProxyAgent': ({ ProxyAgent }) => new ProxyAgent('http://egress.test:3128'),
  'a Pool': ({ Pool }) => new Pool('http://orders.test'),
  'a RetryAgent': ({ Agent, RetryAgent }) => new RetryAgent(new Agent()),
  'the proxy of the environment': ({ EnvHttpProxyAgent }) => new EnvHttpProxyAgent(),
};

describe.each(Object.entries(versions))('undici %s', (_, undici) => {
  test.each(Object.entries(wanted))('%s was chosen', (_, make) => {
    const dispatcher = make(undici);
    undici.setGlobalDispatcher(dispatcher);
    expect(chosenDispatcher()).toBe(dispatcher);
  });

  test('an Agent without options is what undici itself puts there', () => {
    undici.setGlobalDispatcher(new undici.Agent());
    expect(chosenDispatcher()).toBeUndefined();
    undici.setGlobalDispatcher(new undici.Agent({}));
    expect(chosenDispatcher()).toBeUndefined();
  });
});

test('of two, that of the newer undici counts', () => {
  const [old, own] = [new undici6.MockAgent(), new undici8.MockAgent()];
  undici6.setGlobalDispatcher(old);
  expect(chosenDispatcher()).toBe(old);
  undici8.setGlobalDispatcher(own);
  undici6.setGlobalDispatcher(old);
  expect(chosenDispatcher()).toBe(own);
});

test('an object of whatever make was chosen', () => {
  const dispatcher = Object.assign(Object.create(null), { dispatch: () => true });
  slots[older] = dispatcher;
  expect(chosenDispatcher()).toBe(dispatcher);
});

describe('the proxy of the environment, that Node itself was told to take', () => {
  test.each(Object.entries(versions))('is not the choice of the app: undici %s', (_, undici) => {
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    undici.setGlobalDispatcher(new undici.EnvHttpProxyAgent());
    expect(chosenDispatcher()).toBeUndefined();
    const own = new undici.EnvHttpProxyAgent({ connections: 1 });
    undici.setGlobalDispatcher(own);
    expect(chosenDispatcher()).toBe(own);
  });
});
