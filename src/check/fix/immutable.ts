import type { KubeObject } from '../read/manifest.ts';
import { dict, text, valueAt } from '../read/values.ts';
import type { Edit } from './fix.ts';

/** Why an object that is in a cluster cannot be changed there. */
export interface Immutable {
  /** A sentence. */
  readonly why: string;
  /** Whether it must be deleted before the changed file is applied. */
  readonly remove: boolean;
}

interface Row extends Immutable {
  readonly kinds: readonly string[];
  /** Path of the field, joined by dots. */
  readonly field: RegExp;
}

const identity = 'What an object is called and where it is cannot be changed.';

/** Source: the update validation of Kubernetes' API server; `npm run record:patches` asks its code of every row. */
const table: readonly Row[] = [
  {
    kinds: ['batch/Job'],
    field: /^spec\.(template|selector|completionMode)(\.|$)/,
    why: 'The pod template of a Job cannot be changed. To delete the Job and apply it again runs it once more.',
    remove: true,
  },
  {
    kinds: ['/Pod'],
    field: /^spec\.(?!((init)?containers\.\d+\.image|activeDeadlineSeconds)$|tolerations)/i,
    why: 'A pod that exists cannot be changed so.',
    remove: true,
  },
  {
    kinds: ['/Pod'],
    field: /^metadata\.(annotations|labels)\./,
    why: 'The sidecar is injected when a pod is created: a change of one that exists does nothing.',
    remove: true,
  },
  {
    kinds: ['apps/StatefulSet'],
    field: /^spec\.(serviceName|selector|volumeClaimTemplates|podManagementPolicy)(\.|$)/,
    why: 'This field of a StatefulSet cannot be changed.',
    remove: true,
  },
  {
    kinds: ['apps/Deployment', 'apps/DaemonSet', 'apps/ReplicaSet'],
    field: /^spec\.selector(\.|$)/,
    why: 'The selector cannot be changed.',
    remove: true,
  },
  {
    kinds: ['/Service'],
    field: /^spec\.clusterIPs?(\.|$)/,
    why: 'The address of a Service cannot be changed.',
    remove: true,
  },
];

/** Undefined where the API server takes the change. */
export function immutable({ group, kind, data }: KubeObject, edit: Edit): Immutable | undefined {
  const metadata = dict(data.metadata);
  if (text(metadata.name) === undefined) {
    const why = 'In the cluster it has another name each time it is created.';
    return { why, remove: false };
  }
  if (edit.op === 'remove-object') return undefined;
  // An annotation that is no string, say.
  if (['labels', 'annotations'].includes(String(edit.path.at(-2))) && isNoText(valueAt(data, edit.path))) {
    return { why: 'The API server refuses the object as it is: it is in no cluster.', remove: false };
  }
  const field = edit.path.join('.');
  if (field === 'apiVersion') {
    return { why: 'The API server serves an object in every version: only the file is old.', remove: false };
  }
  if (/^(kind|metadata\.(name|namespace))$/.test(field)) return { why: identity, remove: true };
  if (kind === 'ConfigMap' && group === '' && data.immutable === true) {
    return { why: 'It is immutable.', remove: true };
  }
  return table.find((row) => row.kinds.includes(`${group}/${kind}`) && row.field.test(field));
}

function isNoText(value: unknown): boolean {
  return value !== undefined && typeof value !== 'string';
}
