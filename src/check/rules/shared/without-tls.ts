import { type Change, remove, set } from '../../fix/fix.ts';
import type { ClientTls } from '../../model/traffic/client-tls.ts';
import type { KubeObject } from '../../read/manifest.ts';
import { dict, type Path, valueAt } from '../../read/values.ts';

/** Takes the TLS settings out of a DestinationRule; those of a port become a mode, since without them the rule's would not hold either. */
export function withoutTls(object: KubeObject, tls: ClientTls, modeOfPort: 'DISABLE' | 'ISTIO_MUTUAL'): Change {
  if (tls.ofPort) {
    const plain = keysAt(object, tls.path) === 1;
    return plain ? set(object, [...tls.path, 'mode'], modeOfPort) : set(object, tls.path, { mode: modeOfPort });
  }
  // Istio refuses a policy without any field.
  const policy = tls.path.slice(0, -1);
  return remove(object, keysAt(object, policy) === 1 ? policy : tls.path);
}

function keysAt({ data }: KubeObject, path: Path): number {
  return Object.keys(dict(valueAt(data, path))).length;
}
