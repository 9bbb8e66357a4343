import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/command-line/command-line.ts';
import { type CommandName, commandTable } from '../../../src/command-line/commands.ts';
import type { Settings } from '../../../src/command-line/option-values.ts';
import { type OptionName, optionTable } from '../../../src/command-line/options.ts';
import { linkerdSwitches, readSettings } from '../../../src/command-line/settings.ts';
import { UsageError } from '../../../src/command-line/usage-error.ts';

const readFor = (command: CommandName, args: readonly string[], env: Record<string, string> = {}) => {
  const line = parseCommandLine([command, ...args, ...(command === 'run' ? ['--', 'app'] : [])]);
  if (line.kind !== 'command') throw new Error(line.kind);
  return readSettings(line.flags, new Map(Object.entries(env)), command);
};
const read = (args: readonly string[], env?: Record<string, string>) => readFor('run', args, env);

const owned = (text: string) => ({ mesh: undefined, endpoint: expect.objectContaining({ text }) });

/** For each option a text that differs from its default, what it is read into, and a text that is none. */
const samples: Record<OptionName, { text: string; value: unknown; bad: string }> = {
  mesh: { text: 'linkerd,dapr', value: ['linkerd', 'dapr'], bad: 'isto' },
  adminUrl: { text: 'unix:/run/admin', value: [owned('unix:/run/admin')], bad: 'https://x' },
  readyUrl: { text: 'http://a/x', value: [owned('http://a/x')], bad: 'a:1' },
  proof: { text: 'live', value: 'live', bad: 'none' },
  waitFor: { text: 'tcp://db:1', value: [expect.objectContaining({ subject: 'tcp://db:1' })], bad: 'db:1' },
  mode: { text: 'required', value: 'required', bad: 'Auto' },
  timeoutMs: { text: '2m', value: 120_000, bad: '60' },
  onTimeout: { text: 'start', value: 'start', bad: 'go' },
  probeTimeoutMs: { text: '0', value: 0, bad: '-1s' },
  intervalMs: { text: '1ms', value: 1, bad: '0' },
  quit: { text: 'on-success', value: 'on-success', bad: 'yes' },
  quitUrl: { text: 'http://a/q', value: [owned('http://a/q')], bad: 'unix:/x' },
  header: { text: 'Accept: a, b', value: ['Accept: a, b'], bad: 'token' },
  quitHeader: { text: 'a-token:  x y ', value: 'a-token: x y', bad: 'token' },
  quitHeaderFile: { text: '/run/token', value: '/run/token', bad: 'a\0b' },
  quitTimeoutMs: { text: '1.5s', value: 1_500, bad: 'soon' },
  supervise: { text: 'true', value: true, bad: 'yes' },
  group: { text: '1', value: true, bad: 'on' },
  groupGraceMs: { text: '5s', value: 5_000, bad: '0' },
  parentDeath: { text: 'KILL', value: 'KILL', bad: 'SIGKILL' },
  subreaper: { text: 'true', value: true, bad: '2' },
  terminationLog: { text: '/run/why', value: '/run/why', bad: 'a\0b' },
  logLevel: { text: 'silent', value: 'silent', bad: 'loud' },
  logFormat: { text: 'json', value: 'json', bad: 'xml' },
};
const options = Object.entries(samples).map(([name, sample]) => ({
  name: name as OptionName,
  ...optionTable[name as OptionName],
  ...sample,
  secret: 'secret' in optionTable[name as OptionName],
}));

it('the defaults are those that are documented', () => {
  const expected: Settings = {
    mesh: ['auto'],
    adminUrl: [],
    readyUrl: [],
    addresses: new Map([['auto', { admin: undefined, ready: [] }]]),
    proof: 'auto',
    waitFor: [],
    mode: 'auto',
    timeoutMs: 60_000,
    onTimeout: 'exit',
    probeTimeoutMs: 5_000,
    intervalMs: 10,
    quit: 'never',
    quitUrl: [],
    header: [],
    quitHeader: undefined,
    quitHeaderFile: undefined,
    quitTimeoutMs: 5_000,
    supervise: false,
    group: false,
    groupGraceMs: undefined,
    parentDeath: undefined,
    subreaper: false,
    terminationLog: '/dev/termination-log',
    logLevel: 'info',
    logFormat: 'auto',
  };
  expect(read([])).toEqual({ settings: expected, disabled: undefined, notes: [], warnings: [] });
});

describe.each(options)('$flag', ({ name, flag, env, text, value, bad, secret }) => {
  const command = commandTable.run.options.includes(name) ? 'run' : 'probe';
  const read = (args: readonly string[], env?: Record<string, string>) => readFor(command, args, env);

  it('by flag, by variable, and the flag wins', () => {
    expect(read([`${flag}=${text}`]).settings[name]).toEqual(value);
    expect(read([], { [env]: text }).settings[name]).toEqual(value);
    expect(read([`${flag}=${text}`], { [env]: bad }).settings[name]).toEqual(value);
  });

  it('refuses a bad value by the name of where it stands', () => {
    expect(() => read([`${flag}=${bad}`])).toThrow(UsageError);
    const shown = (what: string) => (secret ? '' : ` ${JSON.stringify(what)}`);
    expect(() => read([`${flag}=${bad}`])).toThrow(`${flag}: bad value${shown(bad)}: `);
    expect(() => read([], { [env]: bad })).toThrow(`${env}: bad value${shown(bad)}: `);
    expect(() => read([`${flag}=`])).toThrow(`${flag}: bad value${shown('')}`);
  });

  it('an empty variable means the default', () => {
    expect(read([], { [env]: ' ' }).settings).toEqual(read([]).settings);
  });
});

it('what is repeatable adds up on the command line, and is split in the variable', () => {
  const subjects = ({ settings }: ReturnType<typeof read>) => settings.waitFor.map(({ subject }) => subject);
  expect(subjects(read(['--wait-for', 'tcp://a:1', '--wait-for=tcp://b:2']))).toEqual(['tcp://a:1', 'tcp://b:2']);
  expect(subjects(read([], { MESH_SHIM_WAIT_FOR: ' tcp://a:1, tcp://b:2  tcp://c:3' }))).toEqual([
    'tcp://a:1',
    'tcp://b:2',
    'tcp://c:3',
  ]);
  expect(subjects(read(['--wait-for=tcp://a:1'], { MESH_SHIM_WAIT_FOR: 'tcp://b:2' }))).toEqual(['tcp://a:1']);
});

it('what is not repeatable is what came last', () => {
  expect(read(['--timeout=1s', '--timeout', '2s']).settings.timeoutMs).toBe(2_000);
});

describe('variables', () => {
  it('that are misspelt are refused, with the one that was meant', () => {
    expect(() => read([], { MESH_SHIM_TIMOUT: '1s' })).toThrow(
      'unknown variable MESH_SHIM_TIMOUT; did you mean MESH_SHIM_TIMEOUT?',
    );
    expect(() => read([], { MESH_SHIM_DISABLE: 'x' })).toThrow('did you mean MESH_SHIM_DISABLED?');
  });

  it.each(['MESH_SHIM', 'MESH_SHIM_DEMO', 'MESH_SHIM_QUIT'])(
    'that Kubernetes makes of a Service %s are none of ours',
    (name) => {
      const url = 'tcp://10.0.0.1:443';
      const port = `${name}_PORT_443_TCP`;
      const env = {
        ...{
          [`${name}_SERVICE_HOST`]: '10.0.0.1',
          [`${name}_SERVICE_PORT`]: '443',
          [`${name}_SERVICE_PORT_HTTPS`]: '443',
        },
        ...{ [`${name}_PORT`]: url, [port]: url, [`${port}_PROTO`]: 'tcp', [`${port}_PORT`]: '443' },
        ...{ [`${port}_ADDR`]: '10.0.0.1', [`${name}_PORT_53_UDP`]: 'udp://10.0.0.1:53', [`${name}_PORT_9_SCTP`]: 'x' },
      };
      expect(read([], env)).toEqual(read([]));
    },
  );

  it('that are near nothing of ours are told, and no more', () => {
    const { warnings, settings } = read([], { MESH_SHIM_VERSION: '0.1.0' });
    expect(warnings).toEqual(['MESH_SHIM_VERSION is not known and has no effect']);
    expect(settings).toEqual(read([]).settings);
  });

  it('that a command does not use are not read', () => {
    const env = new Map([
      ['MESH_SHIM_TIMEOUT', '5'],
      ['MESH_SHIM_MESH', 'isto'],
      ['MESH_SHIM_TIMOUT', 'x'],
      ['MESH_SHIM_LOG_LEVEL', 'loud'],
    ]);
    expect(readSettings(new Map(), env, 'probe').settings.probeTimeoutMs).toBe(5_000);
    expect(() => readSettings(new Map(), new Map([['MESH_SHIM_PROBE_TIMEOUT', '5']]), 'probe')).toThrow(UsageError);
    expect(() => readSettings(new Map(), env, 'quit')).toThrow('MESH_SHIM_MESH: bad value');
  });

  it.each(linkerdSwitches)('%s: Linkerd is not meant', (variable) => {
    const { settings, notes } = read(['--mesh', 'linkerd,dapr'], { [variable]: 'no mesh here' });
    expect(settings.mesh).toEqual(['dapr']);
    expect(notes).toEqual([`${variable}=no mesh here: no Linkerd sidecar is waited for or told to quit`]);
    expect(read(['--mesh', 'linkerd'], { [variable]: '' }).settings.mesh).toEqual(['linkerd']);
    expect(read([], { [variable]: 'x' }).notes).toEqual([]);
  });

  it('switch the shim off with a reason, and with nothing else', () => {
    expect(read([], { MESH_SHIM_DISABLED: ' no mesh here ' }).disabled).toBe('no mesh here');
    expect(read([], { MESH_SHIM_DISABLED: '' }).disabled).toBeUndefined();
    for (const reason of ['false', '0', 'no'])
      expect(() => read([], { MESH_SHIM_DISABLED: reason })).toThrow(UsageError);
  });
});

describe('the variables of scuttle', () => {
  const admin = { ENVOY_ADMIN_API: 'http://127.0.0.1:15000' };
  const quits = ({ settings }: ReturnType<typeof read>) => settings.quitUrl.map(({ endpoint }) => endpoint.text);

  it('ENVOY_ADMIN_API: wait without limit, quit always', () => {
    const { settings, notes } = read([], admin);
    expect(settings).toMatchObject({
      adminUrl: [{ endpoint: { text: admin.ENVOY_ADMIN_API } }],
      timeoutMs: 0,
      mode: 'required',
      quit: 'always',
      quitTimeoutMs: 5_000,
    });
    expect(notes).toEqual([
      'ENVOY_ADMIN_API=http://127.0.0.1:15000 is read as --admin-url http://127.0.0.1:15000 --mode required --timeout 0 --quit always',
    ]);
  });

  it('without it neither wait nor quit', () => {
    const { settings, notes } = read([], { ISTIO_QUIT_API: 'http://127.0.0.1:15020', NEVER_KILL_ISTIO: 'true' });
    expect(settings).toMatchObject({ mesh: [], quit: 'never', quitUrl: [] });
    expect(notes).toEqual([
      'ISTIO_QUIT_API, NEVER_KILL_ISTIO without ENVOY_ADMIN_API is read as --mesh none --quit never, as scuttle does',
    ]);
    expect(read([], { SCUTTLE_LOGGING: 'true' }).settings.mesh).toEqual(['auto']);
  });

  it.each<[Record<string, string>, Partial<Settings>]>([
    [{ START_WITHOUT_ENVOY: 'true' }, { mesh: ['auto'], timeoutMs: 1, onTimeout: 'start', quit: 'always' }],
    [{ START_WITHOUT_ENVOY: 'false' }, { mesh: ['auto'] }],
    [{ WAIT_FOR_ENVOY_TIMEOUT: '30s' }, { timeoutMs: 30_000, onTimeout: 'start' }],
    [{ QUIT_WITHOUT_ENVOY_TIMEOUT: '2m' }, { timeoutMs: 120_000, onTimeout: 'exit' }],
    [
      { WAIT_FOR_ENVOY_TIMEOUT: '30s', QUIT_WITHOUT_ENVOY_TIMEOUT: '2m' },
      { timeoutMs: 120_000, onTimeout: 'exit' },
    ],
    [{ WAIT_FOR_ENVOY_TIMEOUT: '0s' }, { timeoutMs: 0, onTimeout: 'exit' }],
    [{ NEVER_KILL_ISTIO: 'TRUE' }, { quit: 'never' }],
    [{ NEVER_KILL_ISTIO: 'false' }, { quit: 'always' }],
    [{ NEVER_KILL_ISTIO_ON_FAILURE: '1' }, { quit: 'on-success' }],
    [{ NEVER_KILL_ISTIO: 'true', NEVER_KILL_ISTIO_ON_FAILURE: 'true' }, { quit: 'never' }],
    [{ QUIT_REQUEST_TIMEOUT: '250ms' }, { quitTimeoutMs: 250 }],
    [{ SCUTTLE_LOGGING: 'true' }, { logLevel: 'info' }],
    [{ SCUTTLE_LOGGING: 'false' }, { logLevel: 'warn' }],
  ])('%j', (env, settings) => {
    const { settings: found, notes } = read([], { ...admin, ...env });
    expect(found).toMatchObject(settings);
    for (const [variable, text] of Object.entries(env)) {
      const means = !['false', '0s'].includes(text) || variable === 'SCUTTLE_LOGGING';
      const isHeard = !(variable === 'NEVER_KILL_ISTIO_ON_FAILURE' && 'NEVER_KILL_ISTIO' in env);
      expect(notes.some((note) => note.startsWith(`${variable}=${text} is read as --`))).toBe(means && isHeard);
    }
  });

  it('the addresses to quit', () => {
    const env = {
      ...admin,
      GENERIC_QUIT_ENDPOINTS: 'http://a/x, http://b/y,',
      ISTIO_QUIT_API: 'http://127.0.0.1:15020/',
    };
    expect(quits(read([], env))).toEqual(['http://a/x', 'http://b/y', 'http://127.0.0.1:15020/quitquitquit']);
    const agent = 'http://localhost:15020/quitquitquit';
    expect(quits(read([], { ...admin, GENERIC_QUIT_ENDPOINTS: 'http://a/x' }))).toEqual(['http://a/x', agent]);
    expect(quits(read([], { ...admin, GENERIC_QUIT_ENDPOINTS: agent }))).toEqual([agent]);
    expect(read([], { ENVOY_ADMIN_API: 'http://envoy:15000' }).settings.quit).toBe('never');
  });

  it('are outdone by MESH_SHIM_ variables, and these by flags', () => {
    const env = { ...admin, WAIT_FOR_ENVOY_TIMEOUT: '30s' };
    expect(read([], env).settings.timeoutMs).toBe(30_000);
    expect(read([], { ...env, MESH_SHIM_TIMEOUT: '20s' }).settings.timeoutMs).toBe(20_000);
    expect(read(['--timeout=10s'], { ...env, MESH_SHIM_TIMEOUT: '20s' }).settings.timeoutMs).toBe(10_000);
  });

  it('is refused by name where nothing could be asked', () => {
    expect(() => read([], { ENVOY_ADMIN_API: 'localhost' })).toThrow('ENVOY_ADMIN_API: bad value "localhost"');
  });
});
