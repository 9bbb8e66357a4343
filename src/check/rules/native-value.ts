import { nativeAnnotation } from '../model/injection.ts';
import { unclearBooleans } from './shared/boolean-annotation.ts';
import type { Rule } from './shared/rule.ts';

export const nativeValue: Rule = {
  id: 'native-value',
  severity: 'warning',
  title: 'sidecar.istio.io/nativeSidecar with another value than "true" or "false"',
  why: 'Istio takes every text but "false" for true ("no" and "False" too), and the empty text for the default.',
  fix: 'Exactly "true" or "false".',
  docs: [],
  check: (cluster) =>
    unclearBooleans(cluster, {
      name: nativeAnnotation,
      isClear: (value) => value === 'true' || value === 'false',
      message: (value) =>
        value === ''
          ? 'The empty text is the default, not a choice.'
          : `"${value}" makes the sidecar native: only "false" does not.`,
      certain: false,
    }),
};
