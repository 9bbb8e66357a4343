import type { KubeObject } from '../read/manifest.ts';
import { dict, isDict, list, texts } from '../read/values.ts';
import { injectorConfigMap, settings } from './installation.ts';
import { type Labels, selectorMatches } from './selectors.ts';

/** What an installation's injector does with pods whose label and annotation do not say. */
export interface InjectorConfig {
  readonly policy: 'enabled' | 'disabled';
  readonly never: readonly unknown[];
  readonly always: readonly unknown[];
  /** The names of its templates, aliases included, and the object that tells them; undefined: nothing does. */
  readonly templates: { readonly names: readonly string[]; readonly by: string } | undefined;
}

/**
 * The injector's settings as its ConfigMap has them; those of Istio's charts (policy enabled, no selectors; an installation
 * may add templates to theirs) where it is not among the objects. Source: Istio 1.31, pkg/kube/inject, Config.
 */
export function readInjectorConfig(objects: readonly KubeObject[], rootNamespace: string): InjectorConfig {
  const own = injectorConfigMap(objects, rootNamespace);
  const config = settings(own === undefined ? undefined : texts(own.data.data).config);
  return {
    // Any text but "enabled" injects nobody who does not ask for it.
    policy: config.policy === undefined || config.policy === 'enabled' ? 'enabled' : 'disabled',
    never: list(config.neverInjectSelector),
    always: list(config.alwaysInjectSelector),
    templates:
      own !== undefined && isDict(config.templates)
        ? { names: Object.keys({ ...config.templates, ...dict(config.aliases) }), by: `${own.kind} ${own.name}` }
        : undefined,
  };
}

/** Whether one of the selectors takes these labels; unlike elsewhere, an empty selector takes none. */
export function takenByOne(selectors: readonly unknown[], labels: Labels): boolean {
  return selectors.some((selector) => Object.keys(dict(selector)).length > 0 && selectorMatches(selector, labels));
}
