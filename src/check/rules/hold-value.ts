import { parse } from 'yaml';
import { PROXY_CONFIG } from '../annotation-values.ts';
import { type Change, remove, set } from '../fix.ts';
import { nearestName } from '../nearest-name.ts';
import { parseProxyConfig } from '../proxy-config.ts';
import type { Rule } from '../rule.ts';
import { dict, isDict } from '../values.ts';
import { annotationPath } from './annotate.ts';

const HOLD = 'holdApplicationUntilProxyStarts';
const HOLD_TEXT = `${HOLD}: true`;

export const holdValue: Rule = {
  id: 'hold-value',
  severity: 'error',
  title: 'A proxy.istio.io/config that does not hold the app back as it means to',
  why: 'A value that is no map, or a quoted "true", makes the injection fail: no pod is created. A misspelt or nested key is ignored: the app starts without waiting.',
  fix: '`proxy.istio.io/config: "holdApplicationUntilProxyStarts: true"`, with the boolean unquoted and at the top.',
  docs: [
    'The annotation holds a ProxyConfig itself, not a mesh configuration: `defaultConfig` does not belong into it.',
  ],
  *check(cluster) {
    for (const workload of cluster.workloads) {
      const text = workload.template.annotations[PROXY_CONFIG];
      if (text === undefined) continue;
      const path = annotationPath(workload, PROXY_CONFIG);
      const { config, error } = parseProxyConfig(text);
      const silent = error === undefined ? silentlyNoHold(config) : undefined;
      if (error === undefined && silent === undefined) continue;
      const change: Change = /hold/i.test(text)
        ? set(workload.object, path, corrected(text))
        : remove(workload.object, path);
      yield {
        object: workload.object,
        path,
        message: error === undefined ? `The app is not held back: ${silent}.` : `No pod is created: ${error}.`,
        fix: {
          title: 'write it as Istio reads it',
          certain: error !== undefined && text.includes(HOLD),
          changes: [change],
        },
      };
    }
  },
};

function silentlyNoHold(config: Readonly<Record<string, unknown>>): string | undefined {
  if (isDict(config.defaultConfig) && config.defaultConfig[HOLD] !== undefined)
    return `${HOLD} stands below defaultConfig, where Istio does not look`;
  const typo = Object.keys(config).find((key) => key !== HOLD && nearestName(key, [HOLD]) !== undefined);
  return typo === undefined ? undefined : `Istio does not know "${typo}" (${HOLD})`;
}

/** The other settings stay. */
function corrected(text: string): string {
  let config: unknown;
  try {
    config = parse(text, { logLevel: 'silent' });
  } catch {
    return HOLD_TEXT;
  }
  const settings = isDict(config) ? { ...dict(config), ...dict(config.defaultConfig) } : {};
  const others = Object.entries(settings).filter(
    ([key]) => key !== 'defaultConfig' && nearestName(key, [HOLD]) === undefined,
  );
  return others.length === 0 ? HOLD_TEXT : JSON.stringify({ ...Object.fromEntries(others), [HOLD]: true });
}
