import type { InputName } from './inputs.ts';
import type { PodTemplate } from './pod.ts';
import { parseProxyConfig } from './proxy-config.ts';

export const proxyConfigAnnotation = 'proxy.istio.io/config';

/** Annotations whose wrong value makes the injector refuse the pod, and what each takes. */
const validatedAnnotations: Readonly<Record<string, readonly [expects: string, valid: (value: string) => boolean]>> = {
  'sidecar.istio.io/interceptionMode': [
    'REDIRECT, TPROXY or NONE',
    (value) => ['REDIRECT', 'TPROXY', 'NONE'].includes(value),
  ],
  'status.sidecar.istio.io/port': ['a port', isPort],
  'readiness.status.sidecar.istio.io/initialDelaySeconds': ['a whole number', isCount],
  'readiness.status.sidecar.istio.io/periodSeconds': ['a whole number', isCount],
  'readiness.status.sidecar.istio.io/failureThreshold': ['a whole number', isCount],
  'traffic.sidecar.istio.io/includeInboundPorts': [
    'a comma-separated list of ports, or *',
    (value) => value === '*' || isPortList(value),
  ],
  'traffic.sidecar.istio.io/excludeInboundPorts': ['a comma-separated list of ports', isPortList],
  'traffic.sidecar.istio.io/excludeOutboundPorts': ['a comma-separated list of ports', isPortList],
  'traffic.sidecar.istio.io/includeOutboundIPRanges': [
    'a comma-separated list of CIDR ranges, or *',
    (value) => value === '*' || isCidrList(value),
  ],
  'traffic.sidecar.istio.io/excludeOutboundIPRanges': ['a comma-separated list of CIDR ranges', isCidrList],
  'prometheus.istio.io/merge-metrics': ['"true" or "false"', (value) => goBool(value) !== undefined],
};

/** Why the injector refuses a pod, and for which annotation. */
export interface InjectionRefusal {
  readonly annotation: string;
  readonly message: string;
  /** Inputs that it rests on. */
  readonly restsOn?: readonly InputName[];
}

/** The first annotation that Istio's injector (1.31) does not take, but for the names of templates; undefined: it takes all. */
export function findRefusal({ annotations }: PodTemplate): InjectionRefusal | undefined {
  const refuse = (annotation: string, message: string): InjectionRefusal => ({ annotation, message });
  for (const [annotation, [expects, valid]] of Object.entries(validatedAnnotations)) {
    const value = annotations[annotation];
    if (value !== undefined && !valid(value)) return refuse(annotation, `"${value}" is not ${expects}`);
  }
  const { error } = parseProxyConfig(annotations[proxyConfigAnnotation]);
  if (error !== undefined) return refuse(proxyConfigAnnotation, error);
  return undefined;
}

/** The texts that Go's strconv.ParseBool takes. */
export function goBool(value: string | undefined): boolean | undefined {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value ?? '')) return true;
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value ?? '') ? false : undefined;
}

function isPort(value: string): boolean {
  return /^\s*\d{1,5}\s*$/.test(value) && Number(value) <= 65_535;
}

function isPortList(value: string): boolean {
  return value.trim() === '' || value.split(',').every(isPort);
}

function isCount(value: string): boolean {
  return /^\d{1,10}$/.test(value);
}

function isCidrList(value: string): boolean {
  return (
    value === '' ||
    value.split(',').every((range) => /^[\d.]+\/\d{1,2}$|^[0-9a-fA-F:]*:[0-9a-fA-F:.]*\/\d{1,3}$/.test(range))
  );
}
