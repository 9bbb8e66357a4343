import { isDict } from '../read/values.ts';
import { type InputName, type Inputs, isOlder } from './inputs.ts';
import type { PodTemplate } from './pod.ts';
import { parseProxyConfig } from './proxy-config.ts';

export const proxyConfigAnnotation = 'proxy.istio.io/config';

/** The setting in it that makes the app wait. */
export const holdSetting = 'holdApplicationUntilProxyStarts';

type Validation = readonly [expects: string, valid: (value: string) => boolean, since?: string];

/** Before 1.30 any text was taken, and went to iptables. */
const interfaceNames: Validation = ['a comma-separated list of interfaces', isInterfaceList, '1.30'];

/** Annotations whose wrong value makes the injector refuse the pod, what each takes, and since which release, where not all that are known look at it. */
const validatedAnnotations: Readonly<Record<string, Validation>> = {
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
  'traffic.sidecar.istio.io/excludeInterfaces': interfaceNames,
  'traffic.sidecar.istio.io/kubevirtInterfaces': interfaceNames,
  'istio.io/reroute-virtual-interfaces': interfaceNames,
  'sidecar.istio.io/proxyCPU': ['a quantity such as 100m', isQuantity],
  'sidecar.istio.io/proxyCPULimit': ['a quantity such as 2', isQuantity],
  'sidecar.istio.io/proxyMemory': ['a quantity such as 128Mi', isQuantity],
  'sidecar.istio.io/proxyMemoryLimit': ['a quantity such as 1Gi', isQuantity],
  'sidecar.istio.io/userVolume': ['JSON: {"NAME": {VOLUME}}', (value) => isJson(value, isDict)],
  'sidecar.istio.io/userVolumeMount': ['JSON: {"NAME": {MOUNT}}', (value) => isJson(value, isDict)],
  'prometheus.istio.io/merge-metrics': ['"true" or "false"', (value) => goBool(value) !== undefined],
};

/** Why the injector refuses a pod, and for which annotation. */
export interface InjectionRefusal {
  readonly annotation: string;
  readonly message: string;
  /** The setting of proxy.istio.io/config that is wrong. */
  readonly field?: string;
  /** Inputs that it rests on. */
  readonly restsOn?: readonly InputName[];
}

/** The first annotation that Istio's injector does not take, but for the names of templates; undefined: it takes all. */
export function findRefusal({ annotations }: PodTemplate, { istio }: Inputs): InjectionRefusal | undefined {
  const refuse = (annotation: string, message: string): InjectionRefusal => ({ annotation, message });
  for (const [annotation, [expects, valid, since]] of Object.entries(validatedAnnotations)) {
    const value = annotations[annotation];
    if (value === undefined || valid(value)) continue;
    const refusal = refuse(annotation, `"${value}" is not ${expects}`);
    if (since === undefined) return refusal;
    if (!isOlder(istio, since)) return { ...refusal, restsOn: ['istio'] };
  }
  const { error, field, byRelease } = parseProxyConfig(annotations[proxyConfigAnnotation], istio);
  if (error !== undefined)
    return {
      ...refuse(proxyConfigAnnotation, error),
      ...(field && { field }),
      ...(byRelease && { restsOn: ['istio'] }),
    };
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

/** Go's ParseUint of 32 bits. */
function isCount(value: string): boolean {
  return /^\d+$/.test(value) && Number(value) < 2 ** 32;
}

/** netip.ParsePrefix, but for the finer rules of IPv6. */
function isCidrList(value: string): boolean {
  return value === '' || value.split(',').every(isCidr);
}

function isCidr(range: string): boolean {
  const [, v4, bits4] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(range) ?? [];
  if (v4 !== undefined) return Number(bits4) <= 32 && v4.split('.').every((part) => Number(part) <= 255);
  const bits6 = /^[0-9a-fA-F:]*:[0-9a-fA-F:.]*\/(\d{1,3})$/.exec(range)?.[1];
  return bits6 !== undefined && Number(bits6) <= 128;
}

function isInterfaceList(value: string): boolean {
  return value === '' || value.split(',').every((name) => /^[\w.@:+-]{1,15}$/.test(name.trim()));
}

/** Kubernetes' resource.ParseQuantity. */
function isQuantity(value: string): boolean {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/.test(value);
}

/** The template of the injector goes over it: a map, or a list, of maps. */
function isJson(value: string, isItem: (item: unknown) => boolean): boolean {
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null && Object.values(parsed).every(isItem);
  } catch {
    return false;
  }
}
