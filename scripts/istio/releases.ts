/**
 * Istio's API of each release that the checker knows, as the Go module that carries its annotations, proxy settings and CRDs: the newest patch release
 * that Go can check. Before 1.19 the module had no versions of its own; a commit of that release stands for it.
 */
export const istioApis: Readonly<Record<string, string>> = {
  '1.15': 'v0.0.0-20221208152505-d807bc07da6a',
  '1.16': 'v0.0.0-20221109202042-b9e5d446a83d',
  '1.17': 'v0.0.0-20230204131218-41d7951eb9e4',
  '1.18': 'v0.0.0-20231206023236-e7cadb36da57',
  '1.19': 'v1.19.8',
  '1.20': 'v1.20.8',
  '1.21': 'v1.21.6',
  '1.22': 'v1.22.5',
  '1.23': 'v1.23.4',
  '1.24': 'v1.24.4',
  '1.25': 'v1.25.5',
  '1.26': 'v1.26.4',
  '1.27': 'v1.27.8',
  '1.28': 'v1.28.3',
  '1.29': 'v1.29.6',
  '1.30': 'v1.30.8',
  '1.31': 'v1.31.4',
};

/** Istio itself, of the newest release: its analyzers' messages, and its injector. Its releases have no tags that Go takes for versions. */
export const istioSource = 'v0.0.0-20260827124520-eed52ebb66ad';
