import { set } from '../fix/fix.ts';
import { dict, type Path, valueAt } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

export const annotationType: Rule = {
  id: 'annotation-type',
  severity: 'error',
  title: 'An istio.io label or annotation that is not a string',
  why: 'Labels and annotations are strings. An unquoted true, false or number is another type in YAML, and the API server refuses the whole object.',
  fix: 'Put the value in quotes.',
  docs: [],
  *check(cluster) {
    for (const { object, template } of cluster.workloads) {
      for (const field of ['labels', 'annotations']) {
        const path: Path = [...template.path, 'metadata', field];
        for (const [name, value] of Object.entries(dict(valueAt(object.data, path)))) {
          if (!name.includes('istio.io/') || (typeof value !== 'boolean' && typeof value !== 'number')) continue;
          yield {
            object,
            path: [...path, name],
            message: `The API server refuses the ${object.kind}: "${name}" is a ${typeof value}, not a string.`,
            fix: { title: 'put it in quotes', certain: true, changes: [set(object, [...path, name], String(value))] },
          };
        }
      }
    }
  },
};
