import { inspect } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import * as library from '../../../src/index.ts';
import { type EntryPoint, entryPoints } from './entry-points.ts';
import { wrong } from './wrong-values.ts';

const { MeshOptionError } = library;
type Refusal = InstanceType<typeof MeshOptionError>;

async function errorOf(work: () => unknown): Promise<Refusal | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error as Refusal;
  }
}

const titled = (value: unknown): string => {
  const title = inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
  return title.length > 70 ? `${title.slice(0, 70)}...` : title;
};
const callWith = ({ call }: EntryPoint, options: unknown) => errorOf(() => call(options as never));
const titleOf = ({ name, path }: EntryPoint) => (path === undefined ? name : `${name}, ${path}`);

/** What is told about values that come from the environment, in whatever option that takes a number or a flag. */
const adviceOn = (value: unknown): string | undefined => {
  if (value === '1') return 'pass a number, as in Number(process.env.PORT)';
  if (Number.isNaN(value)) return 'Number() gives that for a variable that is not set';
  return value === 'true' ? "pass a boolean, as in process.env.DEBUG === 'true'" : undefined;
};
const reachedAs = ({ path }: EntryPoint, name: string) => (path === undefined ? name : `${path}.${name}`);

describe.each(entryPoints.map((entry) => [titleOf(entry), entry] as const))('%s', (_title, entry) => {
  const { name: caller, table, cases } = entry;

  it('has cases for all of its options', () => {
    expect(Object.keys(cases).sort()).toEqual(table.map(({ name }) => name).sort());
  });

  describe.each(table.map((row) => [row.name, row] as const))('%s', (name, row) => {
    const { wrong: wrongs = [], right = [] } = cases[name] ?? {};

    it.each(wrongs.map((one) => [titled(one.value), one] as const))('refuses %s', async (_, one) => {
      const error = await callWith(entry, { [name]: one.value });
      expect(error).toBeInstanceOf(MeshOptionError);
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ name: 'MeshOptionError', code: 'MESH_OPTION' });
      expect(error?.option).toBe(reachedAs(entry, name) + one.at);
      expect(error?.value).toBe(one.found);
      expect(error?.accepts).not.toBe('');
      const refused = `${caller}: ${error?.option} must be ${error?.accepts}, got `;
      const unknown = `${caller}: there is no option "${error?.option}"`;
      expect(
        [refused, unknown].some((start) => error?.message.startsWith(start)),
        error?.message,
      ).toBe(true);
      const advice = adviceOn(one.found);
      if (advice !== undefined) expect(error?.message.endsWith(`; ${advice}`), error?.message).toBe(true);
    });

    it.each(right.map((value) => [titled(value), value] as const))('takes %s', async (_, value) => {
      expect(await callWith(entry, { [name]: value })).toBeUndefined();
    });

    it('takes its own default', () => {
      if (row.required) return expect(row.default).toBeUndefined();
      for (const value of [row.default, row.inKubernetes]) {
        if (value !== undefined) expect(row.faultOf(value)).toBeUndefined();
      }
    });

    if (entry.isPositional) return;

    it('takes undefined where it has a default', async () => {
      const error = await callWith(entry, { [name]: undefined });
      if (row.required) expect(error?.option).toBe(reachedAs(entry, name));
      else expect(error).toBeUndefined();
    });

    if (entry.isOpen) return;

    it('is suggested where it is misspelt', async () => {
      const misspelt = `${name}z`;
      const error = await callWith(entry, { [misspelt]: 1 });
      expect(error).toBeInstanceOf(MeshOptionError);
      expect(error?.option).toBe(reachedAs(entry, misspelt));
      expect(error?.known).toEqual(table.map((other) => other.name));
      expect(error?.message).toContain(`there is no option "${reachedAs(entry, misspelt)}"; did you mean "${name}"?`);
      for (const known of error?.known ?? []) expect(error?.message).toContain(known);
    });
  });

  if (entry.isPositional) return;

  const notObjects = entry.isOpen ? wrong.all('x', 5, null, true) : wrong.objects;
  it.each(notObjects.map(({ value }) => [titled(value), value] as const))(
    'refuses %s in the place of the options',
    async (_, value) => {
      const error = await callWith(entry, value);
      expect(error).toBeInstanceOf(MeshOptionError);
      expect(error?.option).toBe(entry.path ?? 'options');
      expect(error?.value).toBe(value);
      expect(error?.message.startsWith(`${caller}: `)).toBe(true);
    },
  );

  if (entry.isOpen) return;

  it('refuses an unknown name, even with the value undefined', async () => {
    const error = await callWith(entry, { quiteOtherName: undefined });
    expect(error?.option).toBe(reachedAs(entry, 'quiteOtherName'));
    expect(error?.message).toContain('; the options are ');
  });
});

test('every table that is exported is tried here', () => {
  const exported = Object.keys(library).filter((name) => name.endsWith('OptionTable'));
  const tables = new Map<string, unknown>(Object.entries(library));
  const tried = new Set<unknown>(entryPoints.map(({ table }) => table));
  expect(exported.length).toBeGreaterThan(10);
  expect(exported.filter((name) => !tried.has(tables.get(name)))).toEqual([]);
});
