import type { AccessLine } from '../read/access-line.ts';
import { clusterFacts, clusterKind } from './cluster-name.ts';
import { causeOfDetails } from './details-table.ts';
import type { Facts, Finding } from './finding.ts';
import { flagCauses, tellingFlag } from './flag-table.ts';
import { flagSigns, type LineSign, lineSigns } from './line-signs.ts';
import { statusFinding } from './status-finding.ts';

/**
 * What a line of an access log means: its reasons first, then its details, then its flags, then its status. Nothing is
 * called fine that a proxy has refused.
 */
export function decideLine(line: AccessLine): Finding {
  const facts = factsOf(line);
  const seen = seenOf(line);
  const sign = lineSigns.find((candidate) => holds(candidate, line, seen));
  if (sign !== undefined) return { cause: sign.cause, sure: sign.sure, because: why(sign, line, seen), facts };
  const details = line.details ?? line.termination;
  const byDetails = details === undefined ? undefined : causeOfDetails(details);
  if (byDetails !== undefined)
    return { cause: byDetails, sure: 'certain', because: `the details say "${details}"`, facts };
  return byFlag(line, seen, facts) ?? statusFinding(line, facts);
}

function byFlag(line: AccessLine, seen: string, facts: Facts): Finding | undefined {
  const flag = tellingFlag(line.flags);
  if (flag === undefined) return undefined;
  const because = `the flag is ${flag}`;
  const sign = flagSigns.find((candidate) => holds(candidate, line, seen));
  if (sign !== undefined)
    return { cause: sign.cause, sure: sign.sure, because: `${because}${clusterWords(sign, line)}`, facts };
  if (flag === 'UH' && facts.subset !== undefined) return { cause: 'subset-empty', sure: 'likely', because, facts };
  const found = Object.hasOwn(flagCauses, flag) ? flagCauses[flag] : undefined;
  if (found === undefined) return { cause: 'unknown-flag', sure: 'possible', because, facts: { ...facts, flag } };
  const [cause, ...or] = found;
  return { cause, sure: or.length === 0 ? 'certain' : 'likely', because, facts, ...(or.length === 0 ? {} : { or }) };
}

/** All reasons of a line in one text, as they are searched. */
function seenOf({ details, termination, transport }: AccessLine): string {
  if (transport === undefined && termination === undefined) return (details ?? '').toLowerCase();
  return `${details ?? ''} ${termination ?? ''} ${(transport ?? '').replaceAll(' ', '_')}`.toLowerCase();
}

function holds(sign: LineSign, line: AccessLine, seen: string): boolean {
  const kind = clusterKind(line.cluster);
  return (
    (sign.words === undefined || sign.words.some((word) => seen.includes(word))) &&
    (sign.clusters === undefined || (kind !== undefined && sign.clusters.includes(kind))) &&
    (sign.flags === undefined || sign.flags.some((flag) => line.flags.includes(flag))) &&
    (sign.routes === undefined || (line.route !== undefined && sign.routes.includes(line.route))) &&
    (sign.status === undefined || (line.status ?? 0) === sign.status) &&
    (sign.named === undefined || sign.named === (line.serverName !== undefined))
  );
}

function why(sign: LineSign, line: AccessLine, seen: string): string {
  const word = sign.words?.find((candidate) => seen.includes(candidate));
  const where = (text: string | undefined) =>
    text
      ?.replaceAll(' ', '_')
      .toLowerCase()
      .includes(word ?? '\n');
  const text = where(line.transport)
    ? `the transport failure says "${line.transport}"`
    : where(line.details)
      ? `the details say "${line.details}"`
      : where(line.termination)
        ? `the connection ended with "${line.termination}"`
        : sign.routes !== undefined
          ? `the route is ${line.route}`
          : `the cluster is ${line.cluster}`;
  return word === undefined ? text : `${text}${clusterWords(sign, line)}`;
}

function clusterWords(sign: LineSign, line: AccessLine): string {
  return sign.clusters === undefined ? '' : ` and the cluster is ${line.cluster}`;
}

/** `ns[N]-policy[P]-rule[R]` (Istio 1.31, pilot/pkg/security/authz/builder): rules are counted from 0. */
const policyPattern = /matched_policy\[ns\[([^\]]*)\]-policy\[([^\]]*)\]-rule\[(\d+)\]/;

export function factsOf(line: AccessLine): Facts {
  const { authority, path, upstreamHost, serverName, status, details, termination, remoteAddress } = line;
  const kind = clusterKind(line.cluster);
  // On its way in the request's authority is the service's own name.
  const [, policyNamespace, policy, rule] = policyPattern.exec(`${details ?? ''} ${termination ?? ''}`) ?? [];
  const [, tokenReason] = /jwt_authn_access_denied\{([^}]*)\}/.exec(details ?? '') ?? [];
  const [, closeReason] = /downstream_local_disconnect\(([^)]*)\)/.exec(details ?? '') ?? [];
  return {
    ...clusterFacts(line.cluster),
    ...(kind === undefined && line.localAddress?.includes(':') ? { port: portOf(line.localAddress) } : {}),
    ...known({ authority, path, upstreamHost, serverName, policyNamespace, policy }),
    ...(remoteAddress === undefined ? {} : { client: remoteAddress.replace(/:\d+$/, '') }),
    ...(status === undefined || status === 0 ? {} : { status: String(status) }),
    ...(details === undefined ? {} : { details: `"${details}"` }),
    ...(rule === undefined ? {} : { rule: `, rule ${rule}, counted from 0` }),
    ...(tokenReason === undefined ? {} : { tokenReason: `: ${tokenReason.replaceAll('_', ' ')}` }),
    ...(closeReason === undefined ? {} : { closeReason: `: ${closeReason.replaceAll('_', ' ')}` }),
  };
}

function portOf(address: string): string {
  return address.slice(address.lastIndexOf(':') + 1);
}

function known(facts: Readonly<Record<string, string | undefined>>): Facts {
  return Object.fromEntries(Object.entries(facts).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
