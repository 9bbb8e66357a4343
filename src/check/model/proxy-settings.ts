import { minorOf } from './inputs.ts';
import { proxyMessages } from './proxy-config-table.ts';

/** A field of ProxyConfig, or of a message below it. */
export interface ProxySetting {
  /** How often its type is there. */
  readonly shape: 'one' | 'list' | 'map';
  /** A plain type, `enum` or a message. */
  readonly type: string;
  /** The words of an enumeration. */
  readonly words: readonly string[];
  /** The first and the last minor release that has it, where it is not all that the checker knows. */
  readonly since?: number;
  readonly until?: number;
}

export type ProxySettings = ReadonlyMap<string, ProxySetting>;

const read = new Map<string, ProxySettings>();

/** The fields of a message by their names in JSON; undefined: it is a plain type. */
export function settingsOf(message = 'ProxyConfig'): ProxySettings | undefined {
  const row = Object.hasOwn(proxyMessages, message) ? proxyMessages[message] : undefined;
  if (row === undefined) return undefined;
  const settings = read.get(message) ?? new Map(row === '' ? [] : row.split(', ').map(parseSetting));
  read.set(message, settings);
  return settings;
}

/** Names of the settings at the top of `proxy.istio.io/config`. */
export const proxySettingNames: readonly string[] = [...(settingsOf()?.keys() ?? [])];

/** Whether a release knows a setting at the top, by its name in JSON or in the definition: `hold_application_until_proxy_starts`. */
export function isProxySetting(name: string, istio: string): boolean {
  const setting = settingsOf()?.get(camelCase(name));
  return setting !== undefined && isIn(setting, istio);
}

export function isIn({ since = 0, until = Number.POSITIVE_INFINITY }: ProxySetting, istio: string): boolean {
  const minor = minorOf(istio);
  return minor >= since && minor <= until;
}

/** Both spellings are read. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `name:list enum A B@19-22`. */
function parseSetting(text: string): readonly [name: string, setting: ProxySetting] {
  const [named = '', range] = text.split('@');
  const [name = '', spelt = ''] = named.split(':');
  const parts = spelt.split(' ');
  const shape = parts[0] === 'list' || parts[0] === 'map' ? parts[0] : 'one';
  const [type = '', ...words] = shape === 'one' ? parts : parts.slice(1);
  const [since, until] = range?.split('-').map(Number) ?? [];
  return [name, { shape, type, words, ...(since !== undefined && { since }), ...(until !== undefined && { until }) }];
}
