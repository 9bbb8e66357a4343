import type { KubeObject } from '../read/manifest.ts';
import { isDict } from '../read/values.ts';

/** Groups whose objects describe pods and make none: policies, and what other tools are told. */
const describers: readonly string[] = [
  ...[
    'kyverno.io',
    'policies.kyverno.io',
    'constraints.gatekeeper.sh',
    'mutations.gatekeeper.sh',
    'templates.gatekeeper.sh',
  ],
  ...['apiextensions.k8s.io', 'kustomize.config.k8s.io', 'admissionregistration.k8s.io'],
];

/** Deeper than this nobody puts a pod. */
const deepest = 12;

/** Whether an object of an unknown kind holds a list of containers with images. */
export function holdsPods({ group, data }: KubeObject): boolean {
  if (describers.includes(group)) return false;
  const seen = new Set<unknown>();
  const search = (value: unknown, level: number): boolean => {
    if (typeof value !== 'object' || value === null || level > deepest || seen.has(value)) return false;
    // An alias leads to the same data again.
    seen.add(value);
    if (Array.isArray(value)) return value.some((item) => search(item, level + 1));
    return Object.entries(value).some(
      ([key, inner]) => (key === 'containers' && isContainerList(inner)) || search(inner, level + 1),
    );
  };
  return search(data.spec, 0);
}

function isContainerList(value: unknown): boolean {
  return Array.isArray(value) && value.some((item) => isDict(item) && typeof item.image === 'string');
}
