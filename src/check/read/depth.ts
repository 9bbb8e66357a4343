import { isDict } from './values.ts';

/** Kubernetes gives up at 10,000 levels; what walks through trees and data here would have overflown before. */
export const deepestLevel = 500;
export const tooDeep = 'it is nested too deeply';

export function isTooDeep(value: unknown, level = 0): boolean {
  if (level > deepestLevel) return true;
  if (Array.isArray(value)) return value.some((item) => isTooDeep(item, level + 1));
  return isDict(value) && Object.values(value).some((item) => isTooDeep(item, level + 1));
}
