import type { ZtunnelLine } from '../read/ztunnel-line.ts';
import type { Facts, Finding } from './finding.ts';
import type { TextSign } from './text-sign.ts';

/** Errors of ztunnel's access log; the first that fits is it. Sources: istio/ztunnel src/proxy.rs, #691, #1273. */
const signs: readonly TextSign[] = [
  ['ambient-strict', 'certain', /explicitly denied by: (?<policy>\S*istio_converted_static_strict)/],
  ['ambient-denied-by-policy', 'certain', /explicitly denied by: (?<policy>\S+)/],
  ['ambient-denied', 'certain', /none allowed|policy rejection|authorization policy/],
  ['ambient-port-closed', 'likely', /NetworkPolicy is blocking HBONE|port 15008/],
  ['ambient-refused-by-peer', 'certain', /http status: (?<httpStatus>\d{3})/],
  [
    'ambient-no-upstream',
    'certain',
    /no healthy upstream|no service|unknown (?:waypoint|destination|service)|no waypoint|no valid destination|no workload/i,
  ],
  ['certificate-expired', 'certain', /certificate (?:has )?expired/i],
  ['client-gone', 'likely', /client disconnected/i],
  [
    'ambient-connect-failed',
    'likely',
    /connection failed|io error|refused|reset|timed out|deadline|broken pipe|eof|connection closed/i,
  ],
  ['ambient-failed', 'possible', /./],
];

/** What an entry of ztunnel's access log means; undefined for a connection that went well. */
export function decideZtunnel({ error, source, workload, namespace, service }: ZtunnelLine): Finding | undefined {
  if (error === undefined || error === '') return undefined;
  for (const [cause, sure, pattern] of signs) {
    const match = pattern.exec(error);
    if (match === null) continue;
    const { policy, httpStatus } = match.groups ?? {};
    const facts: Record<string, string | undefined> = {
      ...{ client: source, workload, namespace, service, policy },
      name: workload,
      httpStatus: httpStatus === undefined ? undefined : ` (${httpStatus})`,
    };
    const known = Object.entries(facts).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return { cause, sure, because: `ztunnel says "${error}"`, facts: Object.fromEntries(known) as Facts };
  }
  return undefined;
}
