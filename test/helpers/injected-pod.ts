import type { Injection } from '../../src/check/model/injection.ts';
import type { Inputs } from '../../src/check/model/inputs.ts';
import type { PodTemplate } from '../../src/check/model/pod.ts';

/** The pod that comes out, as the names of its containers in order; `*` marks a native sidecar. */
export interface InjectedPod {
  readonly init: readonly string[];
  readonly containers: readonly string[];
  /** Hooks of istio-proxy. */
  readonly lifecycle: readonly string[];
  /** Probes of istio-proxy. */
  readonly probes: readonly string[];
}

/** What the injector makes of a template, by the verdict of the checker. */
export function injectedPod(template: PodTemplate, injection: Injection, inputs: Inputs): InjectedPod {
  const apps = template.containers.map(({ name }) => name);
  const appInits = template.initContainers.map(({ name }) => name);
  if (injection.injected !== true) return { init: appInits, containers: apps, lifecycle: [], probes: [] };
  const { mode, init, statusPort } = injection;
  const validation = init === 'istio-validation' ? [init] : [];
  const redirect = init === 'istio-init' ? [init] : [];
  const native = mode === 'native';
  const first = mode === 'hold' || mode === 'first';
  const probes = statusPort === 0 ? [] : mode === 'grpc' ? ['readinessProbe'] : ['startupProbe', 'readinessProbe'];
  const hook = native ? 'preStop' : mode === 'hold' || mode === 'grpc' ? 'postStart' : undefined;
  const lifecycle = inputs.proxyLifecycle && mode !== 'grpc' ? 'preStop' : hook;
  return {
    init: native
      ? [...validation, ...redirect, 'istio-proxy*', ...appInits]
      : [...validation, ...appInits, ...redirect],
    containers: native ? apps : first ? ['istio-proxy', ...apps] : [...apps, 'istio-proxy'],
    lifecycle: lifecycle === undefined ? [] : [lifecycle],
    probes,
  };
}
