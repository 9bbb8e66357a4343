import { parse } from 'yaml';
import { type Dict, isDict } from '../read/values.ts';

/** What the annotation `proxy.istio.io/config` says; `error` where Istio's injector refuses the pod for it. */
export type ProxyConfigText =
  | { readonly config: Dict; readonly error?: undefined }
  | { readonly config?: undefined; readonly error: string };

/** Reads the annotation as the injector does: YAML or JSON, a map, and booleans that are booleans. */
export function parseProxyConfig(text: string | undefined): ProxyConfigText {
  if (text === undefined || text.trim() === '') return { config: {} };
  let config: unknown;
  try {
    config = parse(text, { logLevel: 'error' });
  } catch (cause) {
    return { error: `it is not YAML: ${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}` };
  }
  if (!isDict(config)) return { error: 'it is not a map of settings' };
  const hold = config.holdApplicationUntilProxyStarts;
  if (hold !== undefined && typeof hold !== 'boolean' && hold !== null) {
    return { error: `holdApplicationUntilProxyStarts must be true or false, not ${JSON.stringify(hold)}` };
  }
  return { config };
}
