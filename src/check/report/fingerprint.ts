import { type KubeObject, objectName } from '../read/manifest.ts';
import { isDict, type Path, valueAt } from '../read/values.ts';

/**
 * What a finding is recognised by in another run, readable: `port-undeclared Service shop/web spec.ports[http].port`. It
 * holds no line, no file and no message, and items of lists go by their name where they have one, so that it stays when
 * text moves. Several findings may have the same one.
 */
export function fingerprintOf(rule: string, object: KubeObject, path: Path): string {
  const steps = path.map((step, index) => {
    if (typeof step === 'string') return /^\w+$/.test(step) ? `.${step}` : `["${step}"]`;
    return `[${nameOf(valueAt(object.data, path.slice(0, index + 1))) ?? step}]`;
  });
  return `${rule} ${objectName(object)} ${steps.join('').replace(/^\./, '')}`;
}

/** The same for what stands in a comment: it belongs to a file, not to an object. */
export function commentFingerprint(rule: string, file: string, message: string): string {
  return `${rule} ${file} ${message}`;
}

function nameOf(item: unknown): string | undefined {
  if (!isDict(item)) return undefined;
  const name = item.name ?? item.port ?? item.containerPort ?? item.number;
  return typeof name === 'string' || typeof name === 'number' ? String(name) : undefined;
}
