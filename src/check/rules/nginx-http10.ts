import { set } from '../fix/fix.ts';
import { withHttp11 } from '../fix/recipes.ts';
import { dict, list, text, texts } from '../read/values.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const nginxHttp10: Rule = {
  id: 'nginx-http10',
  severity: 'error',
  title: 'An nginx that proxies by HTTP/1.0',
  why: 'Before 1.29.7 nginx speaks HTTP/1.0 to its upstreams unless told otherwise, and Envoy answers 426 (Upgrade Required) on ports declared as HTTP.',
  fix: '`proxy_http_version 1.1;` and `proxy_set_header Connection "";`.',
  docs: [
    'It looks at ConfigMaps that pods with an image called nginx mount; an image without a version tag counts as old.',
  ],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const { object, template, injection } = workload;
      if (injection.injected !== true || !template.containers.some(({ image }) => isOldNginx(image))) continue;
      const mounted = list(template.spec.volumes).map((volume) => text(dict(dict(volume).configMap).name));
      for (const config of cluster.ofKind('ConfigMap')) {
        if (config.namespace !== object.namespace || !mounted.includes(config.name)) continue;
        for (const [key, content] of Object.entries(texts(config.data.data))) {
          if (!/^\s*proxy_pass\s+http:\/\//m.test(content) || /^\s*proxy_http_version\s+(1\.1|2)/m.test(content))
            continue;
          yield {
            object: config,
            path: ['data', key],
            message: `Calls through nginx (${object.kind} ${object.name}) get 426: it speaks HTTP/1.0 to its upstream.`,
            restsOn: memberBy(workload),
            fix: { title: 'speak HTTP/1.1', certain: true, changes: [set(config, ['data', key], withHttp11(content))] },
          };
        }
      }
    }
  },
};

function isOldNginx(image: string): boolean {
  const name = /(?:^|\/)(?:nginx|nginx-unprivileged)(?::([^@]*))?(?:@.*)?$/.exec(image);
  if (name === null) return false;
  const [major = 0, minor = 0, patch = 0] =
    /^(\d+)\.(\d+)(?:\.(\d+))?/
      .exec(name[1] ?? '')
      ?.slice(1)
      .map(Number) ?? [];
  return major < 1 || (major === 1 && (minor < 29 || (minor === 29 && !(patch >= 7))));
}
