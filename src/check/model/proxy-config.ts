import { parseValue } from '../read/kube-yaml.ts';
import { type Dict, isDict } from '../read/values.ts';
import { camelCase, settingsOf } from './proxy-settings.ts';
import { findWrongSetting } from './wrong-setting.ts';

/** What the annotation `proxy.istio.io/config` says; `error` where Istio's injector refuses the pod for it. */
export type ProxyConfigText =
  | { readonly config: Dict; readonly error?: undefined; readonly field?: undefined; readonly byRelease?: undefined }
  | {
      readonly config?: undefined;
      readonly error: string;
      /** The setting at the top that is wrong, or holds what is; undefined: the text as a whole is. */
      readonly field?: string;
      /** Not every known release refuses it. */
      readonly byRelease?: boolean;
    };

/** Reads the annotation as the injector of a release does: YAML or JSON, a map, each known setting of its type; others are ignored. */
export function parseProxyConfig(text: string | undefined, istio: string): ProxyConfigText {
  if (text === undefined || text.trim() === '') return { config: {} };
  let written: unknown;
  try {
    written = parseValue(text);
  } catch (cause) {
    return { error: `it is not YAML: ${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}` };
  }
  if (written === null || written === undefined) return { config: {} };
  if (!isDict(written)) return { error: 'it is not a map of settings' };
  const known = settingsOf();
  const config = Object.fromEntries(
    Object.entries(written).map(([name, value]) => [known?.has(camelCase(name)) ? camelCase(name) : name, value]),
  );
  const wrong = findWrongSetting(config, istio);
  if (wrong === undefined) return { config };
  const { name, words, value, byRelease } = wrong;
  const [field = ''] = name.split('.');
  return { error: `${name} must be ${words}, not ${JSON.stringify(value)}`, field, byRelease };
}
