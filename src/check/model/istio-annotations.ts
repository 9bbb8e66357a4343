import { minorOf } from './inputs.ts';
import { recordedAnnotations } from './istio-annotation-table.ts';
import { newestIstio, oldestIstio } from './istio-releases.ts';

/** What the injector reads (pkg/kube/inject/webhook.go, applyPrometheusMerge), and istio.io/api leaves out. */
export const annotationsBesideTheApi: typeof recordedAnnotations = [
  ['prometheus.istio.io/scrape-targets', 'Pod', 31],
  ['prometheus.istio.io/secure-port', 'Pod', 31],
];

const rows = [...recordedAnnotations, ...annotationsBesideTheApi];

/** What is known of an annotation in a release. */
export interface AnnotationFact {
  readonly name: string;
  readonly kinds: readonly string[];
  /** Why that release does not know it; undefined: it does. */
  readonly unknown: 'yet' | 'anymore' | undefined;
  /** The first or the last release that does, where this one does not. */
  readonly limit: string;
}

export const annotationNames: readonly string[] = rows.map(([name]) => name);

/** Undefined: no release knows it. */
export function annotationFact(name: string, istio: string): AnnotationFact | undefined {
  const row = rows.find(([known]) => known === name);
  if (row === undefined) return undefined;
  const [, kinds, since = minorOf(oldestIstio), until = minorOf(newestIstio)] = row;
  const minor = minorOf(istio);
  const unknown = minor < since ? 'yet' : minor > until ? 'anymore' : undefined;
  return { name, kinds: kinds.split(' '), unknown, limit: `1.${unknown === 'yet' ? since : until}` };
}

/** Whether it stands in a domain of Istio's, where nobody else's annotations are. */
export function isIstioAnnotation(name: string): boolean {
  return /(^|\.)istio\.io\//.test(name) && !/^(internal|install\.operator|operator)\.istio\.io\//.test(name);
}

/** Those that do something on the pod template only: on the workload's own metadata nobody reads them. */
export function isForPods(annotation: string): boolean {
  const [domain = ''] = annotation.split('/');
  return /^(sidecar|proxy|inject|traffic\.sidecar|status\.sidecar|readiness\.status\.sidecar|prometheus)\.istio\.io$/.test(
    domain,
  );
}
