import { type Dict, isDict } from '../read/values.ts';
import { enumeration, fieldTypes } from './field-types.ts';
import { camelCase, isIn, type ProxySetting, settingsOf } from './proxy-settings.ts';
import { settingLimits } from './setting-limits.ts';

/** A setting in `proxy.istio.io/config` for whose value the injector refuses the pod. */
export interface WrongSetting {
  /** Where it is: `tracing.zipkin.address`. */
  readonly name: string;
  /** What it must be, for a person. */
  readonly words: string;
  readonly value: unknown;
  /** Not every known release refuses it. */
  readonly byRelease: boolean;
}

/** The first wrong setting of a message; those that the release does not know are ignored, whatever they hold. */
export function findWrongSetting(config: Dict, istio: string, message?: string, above = ''): WrongSetting | undefined {
  const settings = settingsOf(message);
  for (const [written, value] of Object.entries(config)) {
    const setting = settings?.get(camelCase(written));
    if (setting === undefined || !isIn(setting, istio)) continue;
    const name = above + camelCase(written);
    const wrong = wrongIn(setting, value, istio, name) ?? beyondLimit(name, value);
    if (wrong !== undefined)
      return { ...wrong, byRelease: wrong.byRelease || setting.since !== undefined || setting.until !== undefined };
  }
  return undefined;
}

function wrongIn(setting: ProxySetting, value: unknown, istio: string, name: string): WrongSetting | undefined {
  // As good as left out.
  if (value === null || value === undefined) return undefined;
  const { shape } = setting;
  if (shape === 'one') return wrongOne(setting, value, istio, name);
  const items = shape === 'list' ? value : isDict(value) ? Object.entries(value) : undefined;
  if (!Array.isArray(items)) return wrong(name, shape === 'list' ? 'a list' : 'a map', value);
  for (const [index, item] of items.entries()) {
    const [key, held] = shape === 'list' ? [index, item] : (item as [string, unknown]);
    const fault = wrongOne(setting, held, istio, `${name}.${key}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function wrongOne(
  { type, words }: ProxySetting,
  value: unknown,
  istio: string,
  name: string,
): WrongSetting | undefined {
  if (value === null) return undefined;
  if (settingsOf(type) !== undefined)
    return isDict(value) ? findWrongSetting(value, istio, type, `${name}.`) : wrong(name, 'a map of settings', value);
  const check = type === 'enum' ? enumeration(words) : fieldTypes.get(type);
  if (check === undefined || check[1](value)) return undefined;
  const inQuotes = type === 'string' && name.includes('.') ? `${check[0]}: put it in quotes` : check[0];
  return wrong(name, inQuotes, value);
}

function beyondLimit(name: string, value: unknown): WrongSetting | undefined {
  const limit = settingLimits[name];
  return limit === undefined || value === null || value === undefined || limit[1](value)
    ? undefined
    : wrong(name, limit[0], value);
}

function wrong(name: string, words: string, value: unknown): WrongSetting {
  return { name, words, value, byRelease: false };
}
