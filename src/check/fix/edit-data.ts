import { type Dict, isDict, type Path } from '../read/values.ts';
import type { Edit } from './fix.ts';

/** What an edit makes of an object, as data; the object stays as it is. The removal of the whole object is the caller's. */
export function editData(data: Dict, edit: Exclude<Edit, { op: 'remove-object' }>): Dict {
  switch (edit.op) {
    case 'set':
      return dictOf(change(data, edit.path, () => edit.value));
    case 'append':
      return dictOf(change(data, edit.path, (list) => (Array.isArray(list) ? [...list, edit.value] : [edit.value])));
    case 'remove':
      return dictOf(removeIn(data, edit.path, 0));
    case 'rename':
      return dictOf(renameIn(data, edit.path, edit.to));
  }
}

function dictOf(value: unknown): Dict {
  return isDict(value) ? value : {};
}

function change(value: unknown, [step, ...rest]: Path, make: (value: unknown) => unknown): unknown {
  if (step === undefined) return make(value);
  if (typeof step === 'number') {
    const items = Array.isArray(value) ? [...value] : [];
    items[step] = change(items[step], rest, make);
    return items;
  }
  const map = dictOf(value);
  return { ...map, [step]: change(Object.hasOwn(map, step) ? map[step] : undefined, rest, make) };
}

/** A map or list that is empty then goes as well, but not a field of the object itself: as `editText` does it. */
function removeIn(value: unknown, [step, ...rest]: Path, depth: number): unknown {
  if (step === undefined) return undefined;
  const below = typeof step === 'number' ? (Array.isArray(value) ? value[step] : undefined) : dictOf(value)[step];
  if (below === undefined) return value;
  const left = removeIn(below, rest, depth + 1);
  const goes = left === undefined || (rest.length > 0 && depth > 0 && left !== below && isEmpty(left));
  if (Array.isArray(value)) return goes ? value.toSpliced(Number(step), 1) : value.with(Number(step), left);
  const { [step]: _, ...others } = dictOf(value);
  return goes ? others : { ...dictOf(value), [step]: left };
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isDict(value) && Object.keys(value).length === 0;
}

function renameIn(value: unknown, path: Path, to: string): unknown {
  const parent = path.slice(0, -1);
  const from = String(path.at(-1));
  return change(value, parent, (map) =>
    isDict(map) && Object.hasOwn(map, from)
      ? Object.fromEntries(Object.entries(map).map(([key, item]) => [key === from ? to : key, item]))
      : map,
  );
}
