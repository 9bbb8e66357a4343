import type { Inputs } from './inputs.ts';

/** What variables of a proxy say: ISTIO_META_DNS_CAPTURE, and ISTIO_META_DNS_AUTO_ALLOCATE beside it. */
export function dnsCaptureIn(variables: Readonly<Record<string, string>>): Inputs['dnsCapture'] | undefined {
  const { ISTIO_META_DNS_CAPTURE: capture, ISTIO_META_DNS_AUTO_ALLOCATE: allocate } = variables;
  if (capture === undefined) return undefined;
  return capture !== 'true' ? 'false' : allocate === 'true' ? 'auto-allocate' : 'true';
}
