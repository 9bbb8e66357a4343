import { IstioSchema, type SchemaTable } from '../../src/check/model/istio-schema.ts';
import type { Facts } from './compare-facts.ts';

/** What a table says of one release, place by place: the versions of each kind, and what each field of its spec takes. */
export function schemaFacts(table: SchemaTable, release: string): Facts {
  const schema = new IstioSchema(release, table);
  const facts = new Map<string, string>();
  const walk = (index: number, place: string): void => {
    const node = schema.node(index);
    if (typeof node === 'string') facts.set(place, node);
    else if ('l' in node) {
      facts.set(place, node.min === undefined ? 'a list' : `a list of at least ${node.min}`);
      walk(node.l, `${place}[]`);
    } else if ('m' in node) {
      facts.set(place, 'a map');
      walk(node.m, `${place}{}`);
    } else if ('e' in node) facts.set(place, `one of ${schema.values(node.e).toSorted().join(', ')}`);
    else {
      const { fields, required, exclusive } = schema.object(index) ?? { fields: [], required: [], exclusive: [] };
      const groups = exclusive.map((group) => `one at most of ${group.join(', ')}`).toSorted();
      const needs = required.length === 0 ? [] : [`needs ${required.toSorted().join(', ')}`];
      facts.set(place, ['an object', ...needs, ...groups].join('; '));
      for (const [name, field] of fields) walk(field, `${place}.${name}`);
    }
  };
  for (const name of Object.keys(table.kinds)) {
    const [group = '', kind = ''] = name.split('/');
    const { served } = schema.versionsOf({ group, kind });
    const spec = schema.specOf({ group, kind });
    if (served.length === 0 || spec === undefined) continue;
    facts.set(name, `served as ${served.toSorted().join(', ')}`);
    walk(spec, `${name} spec`);
  }
  return facts;
}
