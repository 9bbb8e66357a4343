import { nearestName } from '../../text/nearest-name.ts';
import { type Change, remove, set } from '../fix/fix.ts';
import { holdSetting, proxyConfigAnnotation } from '../model/annotation-values.ts';
import { parseProxyConfig } from '../model/proxy-config.ts';
import { parseValue } from '../read/kube-yaml.ts';
import { dict, isDict } from '../read/values.ts';
import { annotationPath } from './shared/annotations.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

const holdText = `${holdSetting}: true`;

export const holdValue: Rule = {
  id: 'hold-value',
  severity: 'error',
  title: 'A proxy.istio.io/config that is meant to hold the app back and does not',
  why: 'A value that is not a map, or a quoted "true", makes the injection fail: no pod is created. A misspelt or nested key is ignored: the app starts without waiting.',
  fix: '`proxy.istio.io/config: "holdApplicationUntilProxyStarts: true"`, with the boolean unquoted and at the top.',
  docs: ['The annotation holds a ProxyConfig itself, not a mesh configuration: `defaultConfig` does not belong in it.'],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const text = workload.template.annotations[proxyConfigAnnotation];
      if (text === undefined || workload.injection.injected === false) continue;
      const path = annotationPath(workload, proxyConfigAnnotation);
      const { config, error, field } = parseProxyConfig(text, cluster.inputs.istio);
      if (field !== undefined && field !== holdSetting) continue;
      const silent = error === undefined ? silentlyNoHold(config) : undefined;
      if (error === undefined && silent === undefined) continue;
      const change: Change = /hold/i.test(text)
        ? set(workload.object, path, corrected(text))
        : remove(workload.object, path);
      yield {
        object: workload.object,
        path,
        message: error === undefined ? `The app is not held back: ${silent}.` : `No pod is created: ${error}.`,
        // What the injector ignores is a warning, what it refuses an error.
        severity: error === undefined ? 'warning' : 'error',
        restsOn: memberBy(workload),
        fix: {
          title: 'write it as Istio reads it',
          certain: error !== undefined && text.includes(holdSetting),
          changes: [change],
        },
      };
    }
  },
};

function silentlyNoHold(config: Readonly<Record<string, unknown>>): string | undefined {
  if (isDict(config.defaultConfig) && config.defaultConfig[holdSetting] !== undefined)
    return `${holdSetting} is below defaultConfig, where Istio does not look for it`;
  const typo = Object.keys(config).find((key) => key !== holdSetting && nearestName(key, [holdSetting]) !== undefined);
  return typo === undefined ? undefined : `Istio does not know "${typo}" (${holdSetting})`;
}

/** The other settings stay. */
function corrected(text: string): string {
  let config: unknown;
  try {
    config = parseValue(text);
  } catch {
    return holdText;
  }
  const settings = isDict(config) ? { ...dict(config), ...dict(config.defaultConfig) } : {};
  const others = Object.entries(settings).filter(
    ([key]) => key !== 'defaultConfig' && nearestName(key, [holdSetting]) === undefined,
  );
  return others.length === 0 ? holdText : JSON.stringify({ ...Object.fromEntries(others), [holdSetting]: true });
}
