import { isDict, type Path } from '../read/values.ts';
import { inOrder, type Operation } from './operation.ts';

/** The data with the operations carried out. What was given stays as it is. */
export function applyToData(data: unknown, operations: readonly Operation[]): unknown {
  return inOrder(operations).reduce(applyOne, data);
}

function applyOne(data: unknown, operation: Operation): unknown {
  const { path } = operation;
  switch (operation.op) {
    case 'set':
      return change(data, path, () => operation.value);
    case 'append':
      return change(data, path, (list) => (Array.isArray(list) ? [...list, operation.value] : [operation.value]));
    case 'splice': {
      const { index, count, items } = operation;
      return change(data, path, (list) => (Array.isArray(list) ? list.toSpliced(index, count, ...items) : list));
    }
    case 'rename':
      return change(data, path.slice(0, -1), (map) => renamed(map, String(path.at(-1)), operation.to));
    case 'remove':
      return change(data, path.slice(0, -1), (holder) => without(holder, path.at(-1) ?? ''));
  }
}

function change(value: unknown, [step, ...rest]: Path, make: (value: unknown) => unknown): unknown {
  if (step === undefined) return make(value);
  if (typeof step === 'number') {
    const items = Array.isArray(value) ? [...value] : [];
    items[step] = change(items[step], rest, make);
    return items;
  }
  const map = isDict(value) ? value : {};
  return { ...map, [step]: change(Object.hasOwn(map, step) ? map[step] : undefined, rest, make) };
}

function renamed(map: unknown, from: string, to: string): unknown {
  if (!isDict(map) || !Object.hasOwn(map, from)) return map;
  return Object.fromEntries(Object.entries(map).map(([key, item]) => [key === from ? to : key, item]));
}

function without(holder: unknown, step: string | number): unknown {
  if (Array.isArray(holder)) return holder.toSpliced(Number(step), 1);
  if (!isDict(holder)) return holder;
  return Object.fromEntries(Object.entries(holder).filter(([key]) => key !== String(step)));
}
