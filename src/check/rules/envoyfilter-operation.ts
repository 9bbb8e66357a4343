import { dict, list, text } from '../read/values.ts';
import type { Rule } from './shared/rule.ts';

const inserts = ['INSERT_BEFORE', 'INSERT_AFTER', 'INSERT_FIRST'] as const;

/** Operations that do nothing, by what they are applied to: pilot/pkg/networking/core/envoyfilter of Istio 1.31. */
const ignored: Readonly<Record<string, readonly string[]>> = {
  LISTENER: ['REPLACE', ...inserts],
  FILTER_CHAIN: ['REPLACE', ...inserts],
  CLUSTER: ['REPLACE', ...inserts],
  ROUTE_CONFIGURATION: ['ADD', 'REMOVE', 'REPLACE', ...inserts],
  VIRTUAL_HOST: [...inserts],
  HTTP_ROUTE: ['REPLACE'],
  EXTENSION_CONFIG: ['MERGE', 'REMOVE', 'REPLACE', ...inserts],
};

export const envoyfilterOperation: Rule = {
  id: 'envoyfilter-operation',
  severity: 'error',
  title: 'A patch of an EnvoyFilter that Istio ignores',
  why: 'Not every operation is there for every part of the configuration: such a patch changes nothing, and nothing says so.',
  fix: 'An operation that is there for that part; MERGE is for most.',
  docs: [
    'By what Istio 1.31 does, not by what `istioctl analyze` says: ADD and REMOVE of an HTTP_ROUTE and REPLACE of a LISTENER_FILTER work.',
    'Whether the filter, cluster or route is there that a patch looks for is not known from files.',
  ],
  *check(cluster) {
    for (const object of cluster.ofKind('EnvoyFilter')) {
      for (const [index, item] of list(dict(object.data.spec).configPatches).entries()) {
        const { applyTo, patch } = dict(item);
        const [place, operation] = [text(applyTo) ?? '', text(dict(patch).operation) ?? ''];
        if (!Object.hasOwn(ignored, place) || !ignored[place]?.includes(operation)) continue;
        yield {
          object,
          path: ['spec', 'configPatches', index, 'patch', 'operation'],
          message: `The patch changes nothing: Istio has no ${operation} for ${place}.`,
        };
      }
    }
  },
};
