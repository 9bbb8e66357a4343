import { set } from '../fix/fix.ts';
import { speakHttp11 } from '../fix/nginx-http11.ts';
import type { Workload } from '../model/cluster.ts';
import { http10Passes } from '../model/nginx/http10-passes.ts';
import { type Dict, dict, list, text, texts } from '../read/values.ts';
import { memberBy } from './shared/member-by.ts';
import { restartNote } from './shared/restart.ts';
import type { Rule } from './shared/rule.ts';

export const nginxHttp10: Rule = {
  id: 'nginx-http10',
  severity: 'error',
  title: 'An nginx that proxies by HTTP/1.0',
  why: 'Before 1.29.7 nginx speaks HTTP/1.0 to its upstreams unless told otherwise, and Envoy answers 426 (Upgrade Required) on ports declared as HTTP.',
  fix: '`proxy_http_version 1.1;` in http, the server or the location.',
  docs: [
    'It looks at ConfigMaps that pods with an image called nginx, nginx-unprivileged or openresty mount; an image without a version tag counts as old.',
    'The configuration is read as nginx reads it: levels and what they inherit, `set` and `map`, `upstream`, and files that other files of the same pod include. What goes to localhost or a Unix socket passes no sidecar and is left alone.',
    '`--fix` adds the version beside `proxy_pass`, or changes the old one. It adds no `proxy_set_header Connection "";`, which `keepalive` of an upstream needs: in a level that has none of its own it would end the headers that the level inherits.',
  ],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const { object, template, injection } = workload;
      if (injection.injected !== true || !template.containers.some(({ image }) => isOldNginx(image))) continue;
      const mounted = mountedConfigMaps(workload);
      const configs = cluster
        .ofKind('ConfigMap')
        .filter(({ namespace, name }) => namespace === object.namespace && mounted.has(name));
      const keysOf = (name: string, data: Dict) =>
        Object.entries(texts(data.data)).filter(([key]) => mounted.get(name)?.(key));
      const passes = http10Passes(new Map(configs.flatMap(({ name, data }) => keysOf(name, data))));
      for (const config of configs) {
        for (const [key, content] of keysOf(config.name, config.data)) {
          const file = passes.get(key);
          if (file === undefined) continue;
          yield {
            object: config,
            path: ['data', key],
            message: `Calls through nginx (${object.kind} ${object.name}) get 426: it speaks HTTP/1.0 to its upstream.`,
            restsOn: memberBy(workload),
            fix: {
              title: 'speak HTTP/1.1',
              certain: file.sure,
              changes: [set(config, ['data', key], speakHttp11(content, file.edits))],
              notes: [restartNote(object)],
            },
          };
        }
      }
    }
  },
};

/** ConfigMaps by name, with the keys that the pod sees of them. */
function mountedConfigMaps({ template }: Workload): ReadonlyMap<string, (key: string) => boolean> {
  const volumes = list(template.spec.volumes).map(dict);
  const sources = volumes.flatMap(({ configMap, projected }) => [
    dict(configMap),
    ...list(dict(projected).sources).map((source) => dict(dict(source).configMap)),
  ]);
  return new Map(
    sources.flatMap(({ name, items }) => {
      const keys = list(items).map((item) => dict(item).key);
      return text(name) === undefined
        ? []
        : [[String(name), (key: string) => keys.length === 0 || keys.includes(key)] as const];
    }),
  );
}

/** openresty has the version of its nginx, and one more number. */
function isOldNginx(image: string): boolean {
  const name = /(?:^|\/)(?:nginx|nginx-unprivileged|openresty)(?::([^@]*))?(?:@.*)?$/.exec(image);
  if (name === null) return false;
  const [major = 0, minor = 0, patch = 0] =
    /^(\d+)\.(\d+)(?:\.(\d+))?/
      .exec(name[1] ?? '')
      ?.slice(1)
      .map(Number) ?? [];
  return major < 1 || (major === 1 && (minor < 29 || (minor === 29 && !(patch >= 7))));
}
