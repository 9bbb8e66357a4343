import { nearestName } from '../../text/nearest-name.ts';
import { remove, rename } from '../fix/fix.ts';
import { istioRange } from '../model/inputs.ts';
import type { Rule } from './shared/rule.ts';
import { schemaFaults, type UnknownField } from './shared/schema-faults.ts';

export const istioFieldUnknown: Rule = {
  id: 'istio-field-unknown',
  severity: 'error',
  title: "A field of an Istio kind that Istio's CRDs do not have",
  why: '`kubectl apply` and Helm refuse the object. Other tools, and `kubectl --validate=false`, have it taken without the field: what it was meant to do does not happen, and nobody says so.',
  fix: 'The name that was meant; the finding names the nearest one that may stand there.',
  docs: [
    `The fields are those of the CRDs of Istio ${istioRange}, release by release. A field that only another release has is a warning that rests on the input \`istio\`.`,
    'Not looked at: `metadata`, `status`, the values of EnvoyFilters and the configuration of Wasm plugins, which are free.',
  ],
  *check(cluster) {
    const release = cluster.inputs.istio;
    for (const { object, fault } of schemaFaults(cluster)) {
      if (!('unknown' in fault)) continue;
      const { unknown } = fault;
      const { path, name, free, releases } = unknown;
      const place = path.length > 1 ? ` in ${spell(path.slice(0, -1))}` : '';
      if (releases !== undefined) {
        const { since, until } = releases;
        const when = since > Number(release.split('.')[1]) ? `it came with 1.${since}` : `it went after 1.${until}`;
        yield {
          object,
          path,
          message: `Istio ${release} has no "${name}"${place}: ${when}.`,
          severity: 'warning',
          restsOn: ['istio'],
          fix: { title: 'remove it', certain: false, changes: [remove(object, path)] },
        };
        continue;
      }
      const meant = meantBy(unknown);
      const near = meant ?? nearestName(name, free);
      yield {
        object,
        path,
        message: `No ${object.kind} has "${name}"${place}: it is refused, or dropped without a word${near === undefined ? '.' : `; did you mean "${near}"?`}`,
        fix:
          near === undefined
            ? { title: 'remove it', certain: false, changes: [remove(object, path)] }
            : { title: `rename it to ${near}`, certain: meant !== undefined, changes: [rename(object, path, near)] },
      };
    }
  },
};

/** The field that has the same letters, and takes the value: no other can be meant. */
function meantBy({ name, free, fits }: UnknownField): string | undefined {
  const letters = (text: string) => text.replaceAll(/[-_]/g, '').toLowerCase();
  return free.find((field) => letters(field) === letters(name) && fits(field));
}

function spell(path: readonly (string | number)[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);
}
