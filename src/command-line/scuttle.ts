import { meshProfiles } from '../mesh/profiles/profiles.ts';
import type { GivenValues, OptionName } from './options.ts';
import { UsageError } from './usage-error.ts';

/** The variables of scuttle, which mesh-shim takes the place of, with what each becomes here. */
export const scuttleVariables = {
  ENVOY_ADMIN_API:
    '`--admin-url`; with it, `--mode required --timeout 0 --quit always` as scuttle does (`--quit never` unless it names 127.0.0.1 or localhost); without it, neither wait nor quit',
  ISTIO_QUIT_API: '`--quit-url URL/quitquitquit`',
  GENERIC_QUIT_ENDPOINTS: '`--quit-url`, each, and that of the Istio agent',
  START_WITHOUT_ENVOY: '`--timeout 1ms --on-timeout start`: as good as no wait; the quit stays',
  WAIT_FOR_ENVOY_TIMEOUT: '`--timeout`, with `--on-timeout start`',
  QUIT_WITHOUT_ENVOY_TIMEOUT: '`--timeout`, with `--on-timeout exit`; goes before WAIT_FOR_ENVOY_TIMEOUT',
  NEVER_KILL_ISTIO: '`--quit never`',
  NEVER_KILL_ISTIO_ON_FAILURE: '`--quit on-success`',
  QUIT_REQUEST_TIMEOUT: '`--quit-timeout`',
  SCUTTLE_LOGGING: '`--log-level`: info when true, warn when false',
} as const;

type ScuttleVariable = keyof typeof scuttleVariables;

/** scuttle waits this long for the answer to its quit request. */
const scuttleQuitTimeout = '5s';

/** What scuttle would do with these variables, in this tool's options. Throws UsageError. */
export function readScuttleVariables(env: ReadonlyMap<string, string>): { values: GivenValues; notes: string[] } {
  const values: GivenValues = new Map();
  const notes: string[] = [];
  const textOf = (variable: ScuttleVariable): string => env.get(variable)?.trim() ?? '';
  const isTrue = (variable: ScuttleVariable): boolean => {
    const text = textOf(variable).toLowerCase();
    if (!['', 'true', 'false', '1', '0', 't', 'f'].includes(text)) {
      throw new UsageError(`${variable}: bad value ${JSON.stringify(text)}: expected true or false`);
    }
    return text === 'true' || text === '1' || text === 't';
  };
  const set = (variable: ScuttleVariable, name: OptionName, ...texts: string[]): void => {
    values.set(name, { texts, source: variable });
  };
  const note = (variable: ScuttleVariable, meaning: string): void => {
    notes.push(`${variable}=${env.get(variable)} is read as ${meaning}`);
  };
  if (!Object.keys(scuttleVariables).some((variable) => textOf(variable as ScuttleVariable) !== '')) {
    return { values, notes };
  }

  if (textOf('SCUTTLE_LOGGING') !== '') {
    const level = isTrue('SCUTTLE_LOGGING') ? 'info' : 'warn';
    set('SCUTTLE_LOGGING', 'logLevel', level);
    note('SCUTTLE_LOGGING', `--log-level ${level}`);
  }
  if (textOf('ENVOY_ADMIN_API') === '') {
    const others = Object.keys(scuttleVariables).filter(
      (variable) => variable !== 'SCUTTLE_LOGGING' && textOf(variable as ScuttleVariable) !== '',
    );
    // scuttle neither waits nor quits without the admin's address. Only what clearly is scuttle's may switch that off.
    if (others.length > 0) {
      set('ENVOY_ADMIN_API', 'mesh', 'none');
      set('ENVOY_ADMIN_API', 'quit', 'never');
      notes.push(`${others.join(', ')} without ENVOY_ADMIN_API is read as --mesh none --quit never, as scuttle does`);
    }
    return { values, notes };
  }

  const adminApi = textOf('ENVOY_ADMIN_API');
  // An Envoy elsewhere serves others, too: scuttle waits for it and lets it run.
  const isOurs = adminApi.includes('127.0.0.1') || adminApi.includes('localhost');
  const quit = isOurs ? 'always' : 'never';
  set('ENVOY_ADMIN_API', 'adminUrl', adminApi);
  set('ENVOY_ADMIN_API', 'timeoutMs', '0');
  set('ENVOY_ADMIN_API', 'mode', 'required');
  set('ENVOY_ADMIN_API', 'quit', quit);
  note('ENVOY_ADMIN_API', `--admin-url ${adminApi} --mode required --timeout 0 --quit ${quit}`);

  const quitUrls = textOf('GENERIC_QUIT_ENDPOINTS')
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
  const quitApi = textOf('ISTIO_QUIT_API');
  // Without an address of Istio's agent scuttle ends it by a signal, whoever else is told.
  const [agent] = meshProfiles.istio.quit[0].urls;
  const namesAgent = quitUrls.some((url) => url.endsWith(':15020/quitquitquit'));
  if (quitUrls.length > 0 && quitApi === '' && !namesAgent) quitUrls.push(agent);
  if (quitUrls.length > 0) note('GENERIC_QUIT_ENDPOINTS', quitUrls.map((url) => `--quit-url ${url}`).join(' '));
  if (quitApi !== '') {
    const url = `${quitApi.endsWith('/') ? quitApi.slice(0, -1) : quitApi}/quitquitquit`;
    quitUrls.push(url);
    note('ISTIO_QUIT_API', `--quit-url ${url}`);
  }
  if (quitUrls.length > 0) set(quitApi === '' ? 'GENERIC_QUIT_ENDPOINTS' : 'ISTIO_QUIT_API', 'quitUrl', ...quitUrls);

  if (isTrue('NEVER_KILL_ISTIO')) {
    set('NEVER_KILL_ISTIO', 'quit', 'never');
    note('NEVER_KILL_ISTIO', '--quit never');
  } else if (isOurs && isTrue('NEVER_KILL_ISTIO_ON_FAILURE')) {
    set('NEVER_KILL_ISTIO_ON_FAILURE', 'quit', 'on-success');
    note('NEVER_KILL_ISTIO_ON_FAILURE', '--quit on-success');
  }
  for (const variable of ['WAIT_FOR_ENVOY_TIMEOUT', 'QUIT_WITHOUT_ENVOY_TIMEOUT'] as const) {
    const text = textOf(variable);
    if (text === '' || text === '0' || text === '0s') continue;
    const what = variable === 'WAIT_FOR_ENVOY_TIMEOUT' ? 'start' : 'exit';
    set(variable, 'timeoutMs', text);
    set(variable, 'onTimeout', what);
    note(variable, `--timeout ${text} --on-timeout ${what}`);
  }
  if (isTrue('START_WITHOUT_ENVOY')) {
    set('START_WITHOUT_ENVOY', 'timeoutMs', '1ms');
    set('START_WITHOUT_ENVOY', 'onTimeout', 'start');
    note('START_WITHOUT_ENVOY', '--timeout 1ms --on-timeout start');
  }
  const quitTimeout = textOf('QUIT_REQUEST_TIMEOUT');
  set('QUIT_REQUEST_TIMEOUT', 'quitTimeoutMs', quitTimeout === '' ? scuttleQuitTimeout : quitTimeout);
  if (quitTimeout !== '') note('QUIT_REQUEST_TIMEOUT', `--quit-timeout ${quitTimeout}`);
  return { values, notes };
}
