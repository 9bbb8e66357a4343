import { type Dict, dict, isDict, list, text } from '../../read/values.ts';

/** Keys of a match that only name it, or belong to another one. */
const silentKeys: readonly string[] = ['name', 'statPrefix', 'ignoreUriCase'];
/** Keys whose entries are asked for one by one: more of them take fewer calls. */
const mapKeys: readonly string[] = ['headers', 'withoutHeaders', 'queryParams', 'sourceLabels'];

/** Whether a match of a VirtualService's route takes every call: IsCatchAllRoute of Istio 1.31. */
export function isCatchAll(match: Dict): boolean {
  return conditions(match).every(([key, value]) => key === 'uri' && isAnyPath(dict(value)));
}

/** Whether one match takes every call that another one takes. */
export function covers(one: Dict, other: Dict): boolean {
  return conditions(one).every(([key, value]) => {
    if (key === 'uri') return coversPath(one, other);
    if (!mapKeys.includes(key)) return isSame(value, other[key]);
    const own = dict(other[key]);
    return Object.entries(dict(value)).every(([name, wanted]) => Object.hasOwn(own, name) && isSame(wanted, own[name]));
  });
}

/** Of TLS routes with the same names and networks the first one counts: hashRuntimeTLSMatchPredicates of Istio 1.31. */
export function coversTls(one: Dict, other: Dict): boolean {
  return covers(one, other) && isSame(list(one.destinationSubnets), list(other.destinationSubnets));
}

function conditions(match: Dict): [string, unknown][] {
  return Object.entries(match).filter(
    ([key, value]) =>
      !silentKeys.includes(key) &&
      value !== null &&
      !(isDict(value) && Object.keys(value).length === 0 && mapKeys.includes(key)),
  );
}

function coversPath(one: Dict, other: Dict): boolean {
  const [wide, narrow] = [dict(one.uri), dict(other.uri)];
  if (isAnyPath(wide)) return true;
  const isFree = one.ignoreUriCase === true;
  if (other.ignoreUriCase === true && !isFree) return false;
  const fold = (value: unknown) => (isFree ? text(value)?.toLowerCase() : text(value));
  const [prefix, exact] = [fold(wide.prefix), fold(wide.exact)];
  if (prefix !== undefined) return (fold(narrow.prefix) ?? fold(narrow.exact))?.startsWith(prefix) ?? false;
  if (exact !== undefined) return exact === fold(narrow.exact);
  return wide.regex !== undefined && wide.regex === narrow.regex;
}

function isAnyPath({ prefix, regex }: Dict): boolean {
  return prefix === '/' || regex === '.*' || regex === '/.*';
}

function isSame(one: unknown, other: unknown): boolean {
  if (isDict(one) && isDict(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
    );
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    const items = list(other);
    return one.length === items.length && one.every((item, index) => isSame(item, items[index]));
  }
  return one === other;
}
