import { parseHttpUrl } from '../mesh/ask/endpoint.ts';
import { meshProfiles } from '../mesh/profiles/profiles.ts';
import { parseDuration, parseGoDuration } from '../text/durations.ts';
import type { GivenValues } from './option-values.ts';
import type { OptionName } from './options.ts';
import {
  hasScuttleVariables,
  type ScuttleVariable,
  scuttleVariableNames,
  scuttleVariables,
} from './scuttle-variables.ts';

/** scuttle waits this long for the answer to its quit request. */
const scuttleQuitTimeout = '5s';

export interface ScuttleReading {
  readonly values: GivenValues;
  readonly notes: string[];
}

/**
 * What scuttle would do with these variables, in this tool's options. A value that scuttle cannot read it ignores with a line in its
 * log; so does this: a pod that ran goes on to start.
 */
export function readScuttleVariables(env: ReadonlyMap<string, string>): ScuttleReading {
  const reading: ScuttleReading = { values: new Map(), notes: [] };
  if (!hasScuttleVariables(env)) return reading;
  const reader = createReader(env, reading);
  const { textOf, isTrue, set, note } = reader;

  const logging = isTrue('SCUTTLE_LOGGING');
  if (logging !== undefined) {
    const level = logging ? 'info' : 'warn';
    set('SCUTTLE_LOGGING', 'logLevel', level);
    note('SCUTTLE_LOGGING', `--log-level ${level}`);
  }
  for (const variable of ['BYPASS_SIGURG', 'ISTIO_FALLBACK_PKILL'] as const) {
    if (textOf(variable) !== '') note(variable, scuttleVariables[variable]);
  }
  const generic = isTrue('GENERIC_QUIT_ONLY') === true;
  if (textOf('ENVOY_ADMIN_API') === '') readWithoutAdmin(reader, reading, generic);
  else readWithAdmin(reader, generic);
  return reading;
}

type Reader = ReturnType<typeof createReader>;

function createReader(env: ReadonlyMap<string, string>, { values, notes }: ScuttleReading) {
  const textOf = (variable: ScuttleVariable): string => env.get(variable)?.trim() ?? '';
  const ignore = (variable: ScuttleVariable, expected: string): undefined => {
    notes.push(`${variable}=${env.get(variable)} is ignored, as scuttle does: expected ${expected}`);
    return undefined;
  };
  return {
    textOf,
    ignore,
    /** Go's words for it (strconv.ParseBool); undefined where it is not set, or not one of them. */
    isTrue(variable: ScuttleVariable): boolean | undefined {
      const text = textOf(variable).toLowerCase();
      if (text === '') return undefined;
      if (['true', '1', 't'].includes(text)) return true;
      return ['false', '0', 'f'].includes(text) ? false : ignore(variable, 'true or false');
    },
    /** A duration above 0 as this tool writes it. */
    durationOf(variable: ScuttleVariable): string | undefined {
      const text = textOf(variable);
      if (text === '') return undefined;
      const ms = parseGoDuration(text);
      if (ms === undefined) return ignore(variable, 'a duration with its unit, such as 30s');
      if (ms <= 0) return undefined;
      return parseDuration(text) === undefined ? `${ms}ms` : text;
    },
    set(variable: ScuttleVariable, name: OptionName, ...texts: string[]): void {
      values.set(name, { texts, source: variable });
    },
    note(variable: ScuttleVariable, meaning: string): void {
      notes.push(`${variable}=${env.get(variable)} is read as ${meaning}`);
    },
  };
}

/** scuttle neither waits nor quits without the admin's address, but for the endpoints that it was told are all there is. */
function readWithoutAdmin({ textOf, set, note, ...reader }: Reader, { notes }: ScuttleReading, generic: boolean): void {
  const others = scuttleVariableNames.filter((name) => name !== 'SCUTTLE_LOGGING' && textOf(name) !== '');
  // Only what clearly is scuttle's may switch the wait off.
  if (others.length === 0) return;
  set('ENVOY_ADMIN_API', 'mesh', 'none');
  const urls = generic ? genericEndpoints({ textOf, set, note, ...reader }) : [];
  if (urls.length > 0) {
    const text = urls.map((url) => `--quit-url ${url}`).join(' ');
    set('GENERIC_QUIT_ONLY', 'quitUrl', ...urls);
    set('GENERIC_QUIT_ONLY', 'quit', 'always');
    note('GENERIC_QUIT_ONLY', `--mesh none --quit always ${text}`);
    return;
  }
  set('ENVOY_ADMIN_API', 'quit', 'never');
  notes.push(`${others.join(', ')} without ENVOY_ADMIN_API is read as --mesh none --quit never, as scuttle does`);
}

function readWithAdmin(reader: Reader, generic: boolean): void {
  const { textOf, isTrue, durationOf, set, note } = reader;
  const adminApi = textOf('ENVOY_ADMIN_API');
  // An Envoy elsewhere serves others, too: scuttle waits for it and lets it run.
  const isOurs = adminApi.includes('127.0.0.1') || adminApi.includes('localhost');
  const quit = isOurs || generic ? 'always' : 'never';
  set('ENVOY_ADMIN_API', 'adminUrl', adminApi);
  set('ENVOY_ADMIN_API', 'timeoutMs', '0');
  set('ENVOY_ADMIN_API', 'mode', 'required');
  set('ENVOY_ADMIN_API', 'quit', quit);
  note('ENVOY_ADMIN_API', `--admin-url ${adminApi} --mode required --timeout 0 --quit ${quit}`);
  readQuitAddresses(reader, generic);
  if (isTrue('NEVER_KILL_ISTIO')) {
    set('NEVER_KILL_ISTIO', 'quit', 'never');
    note('NEVER_KILL_ISTIO', '--quit never');
  } else if (quit === 'always' && isTrue('NEVER_KILL_ISTIO_ON_FAILURE')) {
    set('NEVER_KILL_ISTIO_ON_FAILURE', 'quit', 'on-success');
    note('NEVER_KILL_ISTIO_ON_FAILURE', '--quit on-success');
  }
  for (const variable of ['WAIT_FOR_ENVOY_TIMEOUT', 'QUIT_WITHOUT_ENVOY_TIMEOUT'] as const) {
    const duration = durationOf(variable);
    if (duration === undefined) continue;
    const what = variable === 'WAIT_FOR_ENVOY_TIMEOUT' ? 'start' : 'exit';
    set(variable, 'timeoutMs', duration);
    set(variable, 'onTimeout', what);
    note(variable, `--timeout ${duration} --on-timeout ${what}`);
  }
  if (isTrue('START_WITHOUT_ENVOY')) {
    set('START_WITHOUT_ENVOY', 'timeoutMs', '1ms');
    set('START_WITHOUT_ENVOY', 'onTimeout', 'start');
    note('START_WITHOUT_ENVOY', '--timeout 1ms --on-timeout start');
  }
  const quitTimeout = durationOf('QUIT_REQUEST_TIMEOUT');
  set('QUIT_REQUEST_TIMEOUT', 'quitTimeoutMs', quitTimeout ?? scuttleQuitTimeout);
  if (quitTimeout !== undefined) note('QUIT_REQUEST_TIMEOUT', `--quit-timeout ${quitTimeout}`);
}

function readQuitAddresses(reader: Reader, generic: boolean): void {
  const { textOf, ignore, set, note } = reader;
  const urls = genericEndpoints(reader);
  const quitApi = generic ? '' : textOf('ISTIO_QUIT_API');
  // Without an address of Istio's agent scuttle ends it by a signal, whoever else is told.
  const [agent] = meshProfiles.istio.quit[0].urls;
  const namesAgent = urls.some((url) => url.endsWith(':15020/quitquitquit'));
  if (urls.length > 0 && quitApi === '' && !namesAgent && !generic) urls.push(agent);
  if (urls.length > 0) note('GENERIC_QUIT_ENDPOINTS', urls.map((url) => `--quit-url ${url}`).join(' '));
  let source: ScuttleVariable = generic ? 'GENERIC_QUIT_ONLY' : 'GENERIC_QUIT_ENDPOINTS';
  if (quitApi !== '') {
    const url = `${quitApi.endsWith('/') ? quitApi.slice(0, -1) : quitApi}/quitquitquit`;
    if (isAskable(url)) {
      urls.push(url);
      source = 'ISTIO_QUIT_API';
      note('ISTIO_QUIT_API', `--quit-url ${url}`);
    } else ignore('ISTIO_QUIT_API', 'http://HOST:PORT');
  }
  if (urls.length > 0) set(source, 'quitUrl', ...urls);
}

/** Those that can be told: scuttle takes https as well, and goes on where one of them fails. */
function genericEndpoints({ textOf, ignore }: Reader): string[] {
  const urls = textOf('GENERIC_QUIT_ENDPOINTS')
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
  const askable = urls.filter(isAskable);
  if (askable.length < urls.length) ignore('GENERIC_QUIT_ENDPOINTS', 'http://HOST:PORT/PATH, joined by commas');
  return askable;
}

function isAskable(url: string): boolean {
  try {
    parseHttpUrl(url);
    return true;
  } catch {
    return false;
  }
}
