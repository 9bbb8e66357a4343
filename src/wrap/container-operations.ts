import type { Operation } from '../check/edit/operation.ts';
import type { Container } from '../check/model/pod.ts';
import { dict, list } from '../check/read/values.ts';
import { mount, mountPath } from './pod-parts.ts';

export function mountOperations({ data, path }: Container): Operation[] {
  const mounts = list(data.volumeMounts);
  if (mounts.some((one) => dict(one).mountPath === mountPath)) return [];
  if (data.volumeMounts === undefined || data.volumeMounts === null)
    return [{ op: 'set', path: [...path, 'volumeMounts'], value: [mount] }];
  return [{ op: 'splice', path: [...path, 'volumeMounts'], index: mounts.length, count: 0, items: [mount] }];
}

export function addEnv(
  { data, path }: Pick<Container, 'data' | 'path'>,
  entry: { readonly name: string; readonly value: string },
): Operation {
  const entries = list(data.env);
  if (data.env === undefined || data.env === null)
    return { op: 'set', path: [...path, 'env'], value: [entry], after: ['name', 'image', 'command', 'args'] };
  return { op: 'splice', path: [...path, 'env'], index: entries.length, count: 0, items: [entry] };
}

export function addProbe(path: Container['path'], value: unknown): Operation {
  return { op: 'set', path: [...path, 'startupProbe'], value, after: ['livenessProbe'] };
}
