import { parse } from 'yaml';
import type { KubeObject } from '../read/manifest.ts';
import { dict, isDict, list, texts } from '../read/values.ts';
import { type Labels, selectorMatches } from './selectors.ts';

/** What an installation's injector does with pods whose label and annotation do not say. */
export interface InjectorConfig {
  readonly policy: 'enabled' | 'disabled';
  readonly never: readonly unknown[];
  readonly always: readonly unknown[];
  /** The names of its templates, aliases included; undefined: nothing says. */
  readonly templates: readonly string[] | undefined;
}

/** Istio's charts: policy enabled, no selectors. An installation may add templates to theirs. */
const chartDefaults: InjectorConfig = { policy: 'enabled', never: [], always: [], templates: undefined };

/**
 * The injector's settings as its ConfigMap has them, of the default revision, or of the only one; those of Istio's charts
 * where no ConfigMap is in the files. Source: Istio 1.31, pkg/kube/inject, Config; its chart istiod-injector-configmap.yaml.
 */
export function readInjectorConfig(configMaps: readonly KubeObject[], rootNamespace: string): InjectorConfig {
  const found = configMaps.filter(
    ({ name, namespace }) => namespace === rootNamespace && /^istio-sidecar-injector(-|$)/.test(name),
  );
  const own =
    found.find(({ name }) => name === 'istio-sidecar-injector') ?? (found.length === 1 ? found[0] : undefined);
  const config = own === undefined ? undefined : parsed(texts(own.data.data).config);
  if (config === undefined) return chartDefaults;
  return {
    // Any text but "enabled" injects nobody who does not ask for it.
    policy: config.policy === undefined || config.policy === 'enabled' ? 'enabled' : 'disabled',
    never: list(config.neverInjectSelector),
    always: list(config.alwaysInjectSelector),
    templates: isDict(config.templates) ? Object.keys({ ...config.templates, ...dict(config.aliases) }) : undefined,
  };
}

/** Whether one of the selectors takes these labels; unlike elsewhere, an empty selector takes none. */
export function takenByOne(selectors: readonly unknown[], labels: Labels): boolean {
  return selectors.some((selector) => Object.keys(dict(selector)).length > 0 && selectorMatches(selector, labels));
}

function parsed(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined) return undefined;
  try {
    const config: unknown = parse(text, { logLevel: 'error' });
    return isDict(config) ? config : undefined;
  } catch {
    return undefined; // The injector would not start with it: nothing can be told from it.
  }
}
