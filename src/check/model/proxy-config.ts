import { parse } from 'yaml';
import { type Dict, isDict } from '../read/values.ts';
import { camelCase, proxyConfigFields, wanted } from './proxy-config-fields.ts';

/** What the annotation `proxy.istio.io/config` says; `error` where Istio's injector refuses the pod for it. */
export type ProxyConfigText =
  | { readonly config: Dict; readonly error?: undefined; readonly field?: undefined }
  | {
      readonly config?: undefined;
      readonly error: string;
      /** The setting that is wrong; undefined: the text as a whole is. */
      readonly field?: string;
    };

/** Reads the annotation as the injector does: YAML or JSON, a map, each known setting of its type; others are ignored. */
export function parseProxyConfig(text: string | undefined): ProxyConfigText {
  if (text === undefined || text.trim() === '') return { config: {} };
  let written: unknown;
  try {
    written = parse(text, { logLevel: 'error' });
  } catch (cause) {
    return { error: `it is not YAML: ${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}` };
  }
  if (!isDict(written)) return { error: 'it is not a map of settings' };
  const config = Object.fromEntries(
    Object.entries(written).map(([name, value]) => [
      Object.hasOwn(proxyConfigFields, camelCase(name)) ? camelCase(name) : name,
      value,
    ]),
  );
  for (const [field, value] of Object.entries(config)) {
    const words = Object.hasOwn(proxyConfigFields, field) ? wanted(field, value) : undefined;
    if (words !== undefined) return { error: `${field} must be ${words}, not ${JSON.stringify(value)}`, field };
  }
  return { config };
}
