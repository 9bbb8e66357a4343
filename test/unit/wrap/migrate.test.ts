import { describe, expect, it } from 'vitest';
import { recogniseMigration } from '../../../src/wrap/migrate/recognise.ts';

const shim = '/mesh-shim/mesh-shim';

/** The command line after a migration, or why there is none. */
function migrate(words: readonly string[], env: Record<string, string> = {}, quits = false) {
  const migration = recogniseMigration(words, { shim, env: new Map(Object.entries(env)), quits });
  if (migration === undefined) return undefined;
  return 'told' in migration ? migration.told : [...migration.head, ...words.slice(migration.rest)];
}
const admin = { ENVOY_ADMIN_API: 'http://127.0.0.1:15000' };

describe('wrappers', () => {
  it.each([
    [['scuttle', 'node', 'a.js'], admin, [shim, '--', 'node', 'a.js']],
    [['/usr/bin/scuttle', '/app'], admin, [shim, '--', '/app']],
    [['tini', '--', 'scuttle', '/app'], admin, ['tini', '--', shim, '--', '/app']],
    [['dumb-init', 'scuttle', '/app'], admin, ['dumb-init', shim, '--', '/app']],
    [['scuttle', '/app'], { SCUTTLE_LOGGING: 'true' }, [shim, '--mesh', 'auto', '--', '/app']],
    [['scuttle', '/app'], {}, [shim, '--', '/app']],
    [['envoy-preflight', '/app', '-x'], admin, [shim, '--', '/app', '-x']],
    [['linkerd-await', '--', '/app'], {}, [shim, '--mesh', 'linkerd', '--timeout', '0', '--', '/app']],
    [
      ['linkerd-await', '-S', '--timeout=30s', '/app', '--', '-v'],
      {},
      [shim, '--mesh', 'linkerd', '--timeout', '0', '--quit', 'always', '--timeout', '30s', '--', '/app', '--', '-v'],
    ],
    [['kubexit', '/app'], { KUBEXIT_BIRTH_DEPS: 'istio-proxy' }, [shim, '--', '/app']],
  ])('%j', (words, env, after) => {
    expect(migrate(words, env)).toEqual(after);
  });

  it('what must tell the sidecar to quit does, unless the tool has its own word for it', () => {
    expect(migrate(['scuttle', '/app'], {}, true)).toEqual([shim, '--quit', 'always', '--', '/app']);
    expect(migrate(['scuttle', '/app'], { ...admin, NEVER_KILL_ISTIO: 'true' }, true)).toEqual([shim, '--', '/app']);
  });

  it.each([
    [['scuttle'], {}, 'scuttle has no command to start'],
    [['envoy-preflight'], {}, 'it has no command to start'],
    [['linkerd-await', '--help'], {}, 'it prints its help or its version'],
    [['linkerd-await', '--wrong', '/app'], {}, 'unknown option --wrong'],
    [
      ['kubexit', '/app'],
      { KUBEXIT_BIRTH_DEPS: 'db' },
      'it is not known to wait for the sidecar alone (KUBEXIT_BIRTH_DEPS)',
    ],
    [['kubexit', '/app'], {}, 'it is not known to wait for the sidecar alone (KUBEXIT_BIRTH_DEPS)'],
    [
      ['kubexit', '/app'],
      { KUBEXIT_BIRTH_DEPS: 'istio-proxy', KUBEXIT_DEATH_DEPS: 'other' },
      'KUBEXIT_DEATH_DEPS ends the app when another container has: mesh-shim does not',
    ],
  ])('%j is told, not changed', (words, env, why) => {
    expect(migrate(words, env)).toContain(why);
  });
});

describe('programs that wait for a port', () => {
  it.each([
    [
      ['wait-for-it.sh', 'localhost:15021', '--', 'node', 'a.js'],
      [shim, '--timeout', '15s', '--on-timeout', 'start', '--', 'node', 'a.js'],
    ],
    [
      ['./wait-for-it.sh', '-h', '127.0.0.1', '-p', '15020', '-t', '0', '--strict', '--', '/app'],
      [shim, '--timeout', '0', '--', '/app'],
    ],
    [
      ['wait-for-it', '--host=localhost', '--port=4191', '-s', '--', '/app'],
      [shim, '--mesh', 'linkerd', '--timeout', '15s', '--', '/app'],
    ],
    [
      ['wait-for', 'http://localhost:15021/healthz/ready', '-t', '60', '--', '/app'],
      [shim, '--timeout', '60s', '--', '/app'],
    ],
    [
      ['dockerize', '-wait', 'http://localhost:15000/ready', '/app', '-x'],
      [shim, '--timeout', '10000ms', '--', '/app', '-x'],
    ],
    [
      ['dockerize', '-wait=tcp://localhost:15021', '-timeout=1m', '/app'],
      [shim, '--timeout', '60000ms', '--', '/app'],
    ],
  ])('%j', (words, after) => {
    expect(migrate(words)).toEqual(after);
  });

  it.each([
    [['wait-for-it.sh', 'db:5432', '--', '/app']],
    [['wait-for', 'localhost:5432', '--', '/app']],
    [['dockerize', '-wait', 'tcp://db:5432', '/app']],
    [['wait-for-it.sh', 'proxy-localhost:15021', '--', '/app']],
    [['node', 'server.js', 'localhost:15021']],
  ])("%j is the app's own", (words) => {
    expect(migrate(words)).toBeUndefined();
  });

  it.each([
    [['wait-for-it.sh', 'localhost:15021'], 'it starts no command'],
    [['wait-for-it.sh', 'localhost:15021', '-t', '5m', '--', '/app'], 'its time-out is "5m"'],
    [['dockerize', '-wait', 'http://localhost:15021/', '-wait', 'tcp://db:5432', '/app'], 'it does more than wait'],
    [['dockerize', '-wait', 'http://localhost:15021/', '-template', 'a:b', '/app'], 'it does more than wait'],
  ])('%j is told, not changed', (words, why) => {
    expect(migrate(words)).toContain(why);
  });
});

describe('what a shell does beside its script', () => {
  const loop = 'until curl -fsI http://localhost:15021/healthz/ready; do sleep 1; done';
  const waits = ['--timeout', '0', '--'];
  it.each([
    [
      ['bash', '-lc', `${loop}; exec node a.js`],
      [shim, ...waits, 'bash', '-lc', 'exec node a.js'],
    ],
    [
      ['bash', '--login', '-c', `${loop}; node a.js`],
      [shim, ...waits, 'bash', '--login', '-c', 'node a.js'],
    ],
    [
      ['bash', '--rcfile', '/rc', '-ic', `${loop}; a`],
      [shim, ...waits, 'bash', '--rcfile', '/rc', '-ic', 'a'],
    ],
    [
      ['bash', '-lc', 'linkerd-await /app -v'],
      [shim, '--mesh', 'linkerd', ...waits, 'bash', '-lc', 'exec /app -v'],
    ],
    [
      ['bash', '-ceuo', 'pipefail', `${loop}; exec node a.js`],
      [shim, ...waits, 'node', 'a.js'],
    ],
    [
      ['sh', '-c', `${loop}; exec -a web node a.js`],
      [shim, ...waits, 'sh', '-c', 'exec -a web node a.js'],
    ],
    [
      ['bash', '-c', `${loop}; time node a.js`],
      [shim, ...waits, 'bash', '-c', 'time node a.js'],
    ],
    [
      ['sh', '-c', `${loop}; echo done`],
      [shim, ...waits, 'sh', '-c', 'echo done'],
    ],
  ])('%j: what its shell does beside the script is still done', (words, after) => {
    expect(migrate(words)).toEqual(after);
  });

  it.each(['echo start > /tmp/started', 'echo $(touch /tmp/a)', 'printf `date`', 'sleep 1 >> /tmp/log'])(
    '%s is done before the wait, and stays there',
    (first) => {
      const words = ['sh', '-c', `${first}; ${loop}; exec node a.js`];
      expect(migrate(words)).toBe('its script asks or tells the sidecar in a way that is not known');
      expect(migrate(['sh', '-c', `echo "$HOSTNAME waits"; ${loop}; exec a`])).toEqual([
        shim,
        ...waits,
        ...['sh', '-c', 'echo "$HOSTNAME waits"; exec a'],
      ]);
    },
  );

  it('a file that BASH_ENV names is still read', () => {
    const words = ['bash', '-c', `${loop}; exec node a.js`];
    expect(migrate(words, { BASH_ENV: '/env' })).toEqual([shim, ...waits, 'bash', '-c', 'exec node a.js']);
  });

  it("what looks like the script of a shell is an argument of the script's file", () => {
    expect(migrate(['sh', '/start.sh', '-c', `${loop}; exec node a.js`])).toBeUndefined();
  });
});

describe('shell loops', () => {
  const waited = [shim, '--timeout', '0', '--', 'node', 'server.js'];
  it.each([
    'until curl -fsI http://localhost:15021/healthz/ready; do echo waiting; sleep 1; done; exec node server.js',
    'until curl -fsI http://localhost:15021/healthz/ready; do echo "Waiting for Sidecar..."; sleep 3; done && node server.js',
    'while ! curl -s -f http://127.0.0.1:15020/healthz/ready; do sleep 1; done; exec node server.js',
    'until wget -q -O /dev/null http://localhost:15021/healthz/ready\ndo\n  sleep 1\ndone\nexec node server.js\n',
    'while ! nc -z localhost 15021; do sleep 1; done; node server.js',
    'until nc -z 127.0.0.1 15000 > /dev/null 2>&1; do sleep 0.1; done; exec node server.js',
    'until curl -s localhost:15000/server_info | grep -q LIVE; do sleep 1; done; exec node server.js',
    'until curl -fsI http://localhost:15021/healthz/ready &>/dev/null; do sleep 1; done; exec node server.js',
    `while [ "$(curl -s -o /dev/null -w '%{http_code}' http://localhost:15021/healthz/ready)" != "200" ]; do sleep 1; done; exec node server.js`,
    'until [ $(curl -s -o /dev/null -w %{http_code} localhost:15021/healthz/ready) -eq 200 ]; do sleep 1; done; exec node server.js',
    'until timeout 2 curl -sf http://[::1]:15021/healthz/ready; do :; done; exec node server.js',
  ])('%s', (script) => {
    expect(migrate(['sh', '-c', script])).toEqual(waited);
    expect(migrate(['/bin/bash', '-ec', script])).toEqual(waited);
  });

  it('what a shell must expand stays with the shell', () => {
    const loop = 'until curl -f localhost:15021/healthz/ready; do sleep 1; done; ';
    for (const rest of ['exec node "$FILE"', 'a && b', 'cd /srv && exec app', 'exec "$@"', 'A=1 app']) {
      expect(migrate(['sh', '-c', loop + rest])).toEqual([shim, '--timeout', '0', '--', 'sh', '-c', rest]);
    }
    expect(migrate(['sh', '-c', `${loop}exec "$@"`, 'sh', 'node', 'a.js'])).toEqual([
      shim,
      '--timeout',
      '0',
      '--',
      'sh',
      '-c',
      'exec "$@"',
      'sh',
      'node',
      'a.js',
    ]);
    expect(migrate(['sh', '-c', `set -e; echo hello; ${loop}exec app`])).toEqual([
      shim,
      '--timeout',
      '0',
      '--',
      'sh',
      '-c',
      'set -e; echo hello; exec app',
    ]);
  });

  it("Linkerd's port is Linkerd's proxy, and a pod that ends tells the sidecar", () => {
    const script = 'until curl -f localhost:4191/ready; do sleep 1; done; exec app';
    expect(migrate(['sh', '-c', script])).toEqual([shim, '--mesh', 'linkerd', '--timeout', '0', '--', 'app']);
    const job = 'until curl -f localhost:15021/healthz/ready; do sleep 1; done; exec app';
    expect(migrate(['sh', '-c', job], {}, true)).toEqual([shim, '--timeout', '0', '--quit', 'always', '--', 'app']);
  });

  it('a quit that leaves the exit code as it is', () => {
    const loop = 'until curl -f localhost:15021/healthz/ready; do sleep 1; done; ';
    const quit = 'curl -sf -XPOST http://localhost:15020/quitquitquit';
    const always = [shim, '--timeout', '0', '--quit', 'always', '--', 'app', '-x'];
    expect(migrate(['sh', '-c', `${loop}app -x; rc=$?; ${quit}; exit $rc`])).toEqual(always);
    expect(migrate(['sh', '-c', `${loop}app -x\nEXIT_CODE=$?\n${quit} || true\nexit \${EXIT_CODE}\n`])).toEqual(always);
    expect(migrate(['sh', '-c', `${loop}trap "${quit}" EXIT; app -x`])).toEqual(always);
    expect(migrate(['sh', '-c', `${loop}app -x && ${quit}`])).toEqual([
      shim,
      '--timeout',
      '0',
      '--quit',
      'on-success',
      '--',
      'app',
      '-x',
    ]);
  });

  // As they stand in manifests of many.
  it.each([
    [
      'until curl -fsI http://localhost:15021/healthz/ready; do echo "Waiting for Sidecar..."; sleep 3; done; app; x=$(echo $?); curl -fsI -X POST http://localhost:15020/quitquitquit && exit $x',
      ['--timeout', '0', '--quit', 'always', '--', 'app'],
    ],
    [
      'sleep 2;\nuntil curl -fsI http://localhost:15021/healthz/ready; do echo Waiting...; sleep 3; done;\napp\nx=$?\necho done\ncurl -fsX POST http://localhost:15020/quitquitquit >/dev/null 2>&1 || true\nexit $x\n',
      ['--timeout', '0', '--quit', 'always', '--', 'sh', '-c', 'sleep 2;\napp'],
    ],
    [
      'trap "curl --max-time 2 -s -f -XPOST http://127.0.0.1:15000/quitquitquit" EXIT\nwhile ! curl -s -f http://127.0.0.1:15020/healthz/ready; do sleep 1; done\nsleep 2\napp',
      ['--timeout', '0', '--quit', 'always', '--', 'sh', '-c', 'sleep 2\napp'],
    ],
    [
      "trap 'rc=$?; curl -fsS -m 5 -X POST http://localhost:15020/quitquitquit >/dev/null 2>&1 || true; exit $rc' EXIT\napp",
      ['--quit', 'always', '--', 'app'],
    ],
    [
      'app run; CODE=$?; echo "report"; wget -q --post-data "hello=shutdown" http://localhost:4191/shutdown &> /dev/null; exit $CODE;',
      ['--mesh', 'linkerd', '--quit', 'always', '--', 'app', 'run'],
    ],
    ['app && curl -X POST http://localhost:15020/quitquitquit', ['--quit', 'on-success', '--', 'app']],
    ['until curl --head localhost:15000;\ndo echo Waiting;\nsleep 2;\ndone;\napp', ['--timeout', '0', '--', 'app']],
  ])('%j', (script, after) => {
    expect(migrate(['sh', '-c', script])).toEqual([shim, ...after]);
  });

  // A form with two ways to read the same characters would never come to an end here.
  it.each([
    'curl -X POST localhost:15021/x \n',
    'x=$?; echo a; curl -X POST localhost:15020/quitquitquit; ',
    'echo a; ',
    'until curl localhost:15021 &>a 2>&1 ',
    'trap "curl -X POST localhost:15021/quitquitquit',
    'set a;\n\n\n',
    'until [ "$(curl localhost:15021 ',
    '&>>',
    '\n',
    ' ',
  ])('%j many times is told in little time', (part) => {
    for (const end of ['', 'localhost:15021', 'until curl localhost:15021; do sleep 1; done'])
      for (const script of [part.repeat(300) + end, end + part.repeat(300)]) migrate(['sh', '-c', script]);
  });

  it('another tool in a script of one command', () => {
    expect(migrate(['sh', '-c', 'exec scuttle node a.js'], admin)).toEqual([shim, '--', 'node', 'a.js']);
  });

  const loop = 'until curl -f localhost:15021/healthz/ready; do sleep 1; done; ';
  const quit = 'curl -XPOST localhost:15020/quitquitquit';
  it.each([
    // The exit code would become another one: that of curl before, that of the app afterwards.
    `${loop}app; ${quit}`,
    `${loop}exec app; rc=$?; ${quit}; exit $rc`,
    `${loop}app; rc=$?; ${quit}; exit 0`,
    `${loop}app; rc=$?; ${quit}; exit $other`,
    `trap 'rc=$?; ${quit}; exit 0' EXIT; ${loop}app`,
    `${loop}app; rc=$?; curl -XPOST localhost:4191/shutdown; exit $rc`,
    `cleanup() { ${quit}; }; trap cleanup EXIT; ${loop}app`,
    // Without a POST nobody quits.
    `${loop}app; rc=$?; curl localhost:15020/quitquitquit; exit $rc`,
    // Limits, other work in the loop, other conditions.
    'for i in 1 2 3; do curl -f localhost:15021/healthz/ready && break; sleep 1; done; app',
    'n=0; until curl -f localhost:15021/healthz/ready || [ $n -gt 30 ]; do n=$((n+1)); sleep 1; done; app',
    'until curl -f localhost:15021/healthz/ready; do n=$((n+1)); sleep 1; done; app',
    'until curl -f localhost:15021/healthz/ready; do curl http://other/; sleep 1; done; app',
    'while curl -f localhost:15021/healthz/ready; do sleep 1; done; app',
    'until ! curl -f localhost:15021/healthz/ready; do sleep 1; done; app',
    'while [ "$(curl -s -o /dev/null -w %{http_code} localhost:15021/healthz/ready)" = "200" ]; do sleep 1; done; app',
    'while true; do curl -f localhost:15021/healthz/ready && break; sleep 1; done; app',
    `${loop}until curl -f localhost:4191/ready; do sleep 1; done; app`,
    loop,
  ])('%s: told, not changed', (script) => {
    expect(typeof migrate(['sh', '-c', script])).toBe('string');
  });

  it.each([
    'exec node server.js',
    'until pg_isready -h db; do sleep 1; done; exec app',
    'curl https://example.com:15021/',
  ])('%s has nothing to do with a sidecar', (script) => {
    expect(migrate(['sh', '-c', script])).toBeUndefined();
  });
});
