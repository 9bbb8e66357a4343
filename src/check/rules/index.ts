import * as registry from './registry.ts';
import type { Rule } from './shared/rule.ts';

/** Every rule, in the order of their ids. */
export const allRules: readonly Rule[] = Object.values(registry).toSorted((a, b) => (a.id < b.id ? -1 : 1));
