import { nearestName } from '../../text/nearest-name.ts';
import { type Fix, remove, set } from '../fix/fix.ts';
import { istioRange } from '../model/inputs.ts';
import { IstioSchema } from '../model/istio-schema.ts';
import type { KubeObject } from '../read/manifest.ts';
import type { Problem, Rule } from './shared/rule.ts';
import { isOfType, schemaFaults, type WrongValue } from './shared/schema-faults.ts';

export const istioFieldValue: Rule = {
  id: 'istio-field-value',
  severity: 'error',
  title: "A value in an Istio kind that Istio's CRDs do not take",
  why: 'The API server refuses the object: a mode that does not exist (`strict`), text where a number must be, a required field that is missing, two fields of which only one may be there. What is in the cluster stays as it was before.',
  fix: 'A value that the field takes; the finding says which.',
  docs: [
    `Types, values, limits, required and exclusive fields are those of the CRDs of Istio ${istioRange}, release by release. Rules that the CRDs write as other expressions (CEL) are not judged, nor are values that another program fills in (\`$(PORT)\`, and what envsubst, Flux and templates take).`,
    'A required field that is missing right below `spec` is a warning: the document may be a patch.',
  ],
  *check(cluster) {
    const schema = new IstioSchema(cluster.inputs.istio);
    for (const object of cluster.objects) {
      if (!object.group.endsWith('.istio.io')) continue;
      const { served, others } = schema.versionsOf(object);
      const version = object.apiVersion.slice(object.group.length + 1);
      const releases = others.get(version);
      const newest = served.at(-1);
      if (releases === undefined || newest === undefined) continue;
      yield {
        object,
        path: ['apiVersion'],
        message: `Istio ${cluster.inputs.istio} does not serve ${object.apiVersion} of ${object.kind}: it came with 1.${releases.since}.`,
        restsOn: ['istio'],
        fix: {
          title: `change it to ${object.group}/${newest}`,
          certain: true,
          changes: [set(object, ['apiVersion'], `${object.group}/${newest}`)],
        },
      };
    }
    for (const { object, fault } of schemaFaults(cluster)) if ('wrong' in fault) yield problemOf(object, fault.wrong);
  },
};

function problemOf(object: KubeObject, wrong: WrongValue): Problem {
  const { path, value } = wrong;
  const name = nameOf(path);
  const refused = `The API server refuses the ${object.kind}:`;
  const removed: { fix?: Fix } = wrong.required
    ? {}
    : { fix: { title: 'remove it', certain: false, changes: [remove(object, path)] } };
  if ('missing' in wrong) {
    const patch = path.length === 1 ? { severity: 'warning' as const } : {};
    return { object, path, message: `${refused} ${name} has no ${wrong.missing}.`, ...patch };
  }
  if ('exclusive' in wrong) {
    return {
      object,
      path,
      message: `${refused} it has ${wrong.exclusive.join(' and ')}, of which one may be there.`,
      ...removed,
    };
  }
  if ('least' in wrong) {
    return { object, path, message: `${refused} ${name} must have ${wrong.least} or more.` };
  }
  const meant = 'values' in wrong ? meantValue(value, wrong.values) : meantAs(value, wrong.wants);
  const wants = 'values' in wrong ? listed(wrong.values) : words(wrong.wants);
  return {
    object,
    path,
    message: `${refused} ${name} must be ${wants}, and is ${shown(value)}.`,
    ...(meant === undefined ? removed : { fix: writing(object, path, meant) }),
  };
}

function writing(object: KubeObject, path: WrongValue['path'], { value, certain }: Meant): Fix {
  return { title: `write ${JSON.stringify(value)}`, certain, changes: [set(object, path, value)] };
}

interface Meant {
  readonly value: unknown;
  readonly certain: boolean;
}

/** Another spelling of a value is that value; a near one may be. */
function meantValue(value: unknown, values: readonly string[]): Meant | undefined {
  if (typeof value !== 'string') return undefined;
  const letters = (text: string) => text.replaceAll(/[-_ ]/g, '').toLowerCase();
  const same = values.find((one) => letters(one) === letters(value));
  if (same !== undefined) return { value: same, certain: true };
  const near = nearestName(value, values);
  return near === undefined ? undefined : { value: near, certain: false };
}

/** The same value in the type that is wanted. */
function meantAs(value: unknown, wants: string): Meant | undefined {
  const plain = typeof value === 'number' || typeof value === 'boolean';
  if ((wants === 'string' || wants === 'text') && plain) return { value: String(value), certain: true };
  if (wants === 'duration' && typeof value === 'number') return { value: `${value}s`, certain: false };
  if (wants === 'boolean' && (value === 'true' || value === 'false')) return { value: value === 'true', certain: true };
  if (wants === 'list' && !Array.isArray(value)) return { value: [value], certain: false };
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
  return number !== undefined && isOfType(wants, number) ? { value: number, certain: true } : undefined;
}

function words(wants: string): string {
  const [name = '', bounds] = wants.split(' ');
  const [min, max] = (bounds ?? '').split('..');
  const within = bounds === undefined ? '' : max === '' ? ` of at least ${min}` : ` from ${min} to ${max}`;
  const article = { integer: 'an integer', text: 'text', duration: 'a duration such as 5s' }[name] ?? `a ${name}`;
  return article + within;
}

function listed(values: readonly string[]): string {
  if (values.length < 2) return values.join('');
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return JSON.stringify(value);
}

function nameOf(path: WrongValue['path']): string {
  const last = path.at(-1);
  return typeof last === 'number' ? `${path.at(-2)}[${last}]` : String(last);
}
