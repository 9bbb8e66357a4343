import type { Container } from '../check/model/pod.ts';
import { dict, list } from '../check/read/values.ts';
import type { ImageConfig } from '../images/image-config.ts';
import { mountPath, volumeName } from './pod-parts.ts';

/** Why mesh-shim cannot run in an image. */
export function platformRefused({ os, architecture }: ImageConfig): string | undefined {
  if (os !== 'linux') return `its image is for ${os}: mesh-shim runs on Linux`;
  if (architecture === undefined || architecture === 'amd64' || architecture === 'arm64') return undefined;
  return `its image is for ${architecture}: mesh-shim has executables for amd64 and arm64`;
}

/** What of a container does not go together with being held back, or with a change. */
export function unusableFields({ data }: Container): string | undefined {
  if (dict(dict(data.lifecycle).postStart).httpGet !== undefined) {
    return 'its postStart httpGet would find no app, and the kubelet would kill the container';
  }
  const foreign = list(data.volumeMounts)
    .map(dict)
    .find((one) => one.mountPath === mountPath && one.name !== volumeName);
  if (foreign !== undefined) return `something else is mounted at ${mountPath}`;
  for (const field of ['command', 'args'] as const) {
    const value = data[field];
    if (value !== undefined && value !== null && !Array.isArray(value))
      return `its ${field} is no list of words: Kubernetes refuses it`;
    if (field in data && list(value).length === 0) return `its ${field} is empty: take the key out`;
  }
  return undefined;
}
