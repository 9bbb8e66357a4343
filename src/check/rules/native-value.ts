import { nativeAnnotation } from '../model/injection.ts';
import { unclearBooleans } from './shared/boolean-annotation.ts';
import type { Rule } from './shared/rule.ts';

export const nativeValue: Rule = {
  id: 'native-value',
  severity: 'warning',
  title: 'sidecar.istio.io/nativeSidecar with a value other than "true" or "false"',
  why: 'Istio takes every string but "false" as true ("no" and "False" as well), and the empty string as the default.',
  fix: 'Exactly "true" or "false".',
  docs: [],
  check: (cluster) =>
    unclearBooleans(cluster, {
      name: nativeAnnotation,
      isClear: (value) => value === 'true' || value === 'false',
      message: (value) =>
        value === ''
          ? 'The empty string is the default, not a choice.'
          : `"${value}" makes the sidecar native: only "false" does not.`,
      certain: false,
    }),
};
