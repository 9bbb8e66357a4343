import { append, type Change, type Fix, remove, set } from '../fix/fix.ts';
import type { Workload } from '../model/cluster.ts';
import {
  type Authorization,
  type AuthorizationRule,
  httpCallers,
  httpOperations,
  takesPort,
  withoutHttp,
} from '../model/traffic/authorizations.ts';
import { tcpPorts } from '../model/traffic/port-chain.ts';
import { trafficOf } from '../model/traffic/traffic.ts';
import type { KubeObject } from '../read/manifest.ts';
import { type Dict, list, type Path } from '../read/values.ts';
import { memberBy } from './shared/member-by.ts';
import type { Rule } from './shared/rule.ts';

export const authorizationHttpOnTcp: Rule = {
  id: 'authorization-http-on-tcp',
  severity: 'error',
  title: 'An AuthorizationPolicy with HTTP fields for a TCP port',
  why: 'On a port that is not HTTP there are no methods, paths, hosts, headers or JWTs. An ALLOW rule with one of them is left out there, so nothing is allowed; a DENY rule is kept without them, so all the rest of it is denied.',
  fix: 'Rules of their own for TCP ports, with `ports`, `principals`, `namespaces` or `ipBlocks` alone; or declare the port http, where the app speaks HTTP.',
  docs: [
    'A port is TCP where all Services in the files say so: tcp, tls, https, or a database. Ports without a protocol are left out, and so are policies with `targetRefs` and those on trial (`istio.io/dry-run`).',
    'A warning where the rule is of use for another port, or another rule lets callers in.',
  ],
  *check(cluster) {
    const traffic = trafficOf(cluster);
    const found = new Map<KubeObject, Map<string, Shut[]>>();
    for (const workload of cluster.workloads) {
      if (workload.injection.injected !== true) continue;
      const authorizations = traffic.authorizations(workload);
      if (authorizations.length === 0) continue;
      const ports = tcpPorts(cluster, workload);
      // That nothing is allowed is said once of a workload, whichever rules are left out.
      let saidNothing = false;
      for (const authorization of authorizations) {
        for (const rule of authorization.rules) {
          const shut = judge(workload, authorization, rule, { authorizations, ports });
          if (shut === undefined) continue;
          const saysNothing = shut.action === 'ALLOW' && !shut.useless;
          if (saysNothing && saidNothing) continue;
          saidNothing ||= saysNothing;
          const ofPolicy = found.get(authorization.object) ?? new Map<string, Shut[]>();
          found.set(authorization.object, ofPolicy);
          const key = rule.path.join('\0');
          ofPolicy.set(key, [...(ofPolicy.get(key) ?? []), shut]);
        }
      }
    }
    for (const [object, ofPolicy] of found) {
      for (const all of ofPolicy.values()) {
        const [shut] = all as [Shut];
        const more = all.length === 1 ? '' : ` (and ${all.length - 1} more)`;
        yield {
          object,
          path: shut.fields[0] as Path,
          message: messageOf(shut, more),
          severity: shut.severity,
          restsOn: memberBy(shut.workload),
          fix: shut.action === 'ALLOW' ? allow(object, all) : narrow(object, all),
        };
      }
    }
  },
};

/** What a rule makes of TCP ports of a workload. */
interface Shut {
  readonly workload: Workload;
  readonly action: Authorization['action'];
  readonly rule: AuthorizationRule;
  /** Where it says something of HTTP. */
  readonly fields: readonly Path[];
  readonly ports: readonly number[];
  /** It is for no other port. */
  readonly useless: boolean;
  readonly severity: 'error' | 'warning';
}

function judge(
  workload: Workload,
  { action }: Authorization,
  rule: AuthorizationRule,
  around: { readonly authorizations: readonly Authorization[]; readonly ports: readonly number[] },
): Shut | undefined {
  const fields = [...httpOperations(rule), ...httpCallers(rule)];
  if (fields.length === 0) return undefined;
  return action === 'ALLOW' ? judgeAllow() : judgeDeny();

  function judgeAllow(): Shut | undefined {
    const meant = around.ports.filter((number) => isAbout(rule, number));
    const shut = meant.filter((number) => !isOpen(around.authorizations, number));
    const listed = rule.operations.flatMap(({ ports }) => list(ports));
    const onlyListed = rule.operations.length > 0 && rule.operations.every(({ ports }) => list(ports).length > 0);
    const useless = onlyListed && listed.every((number) => around.ports.map(String).includes(String(number)));
    const ports = useless ? meant : shut;
    if (ports.length === 0) return undefined;
    const severity = useless && shut.length > 0 ? 'error' : 'warning';
    return { workload, action, rule, fields, ports, useless, severity };
  }

  function judgeDeny(): Shut | undefined {
    const operations = rule.operations.length === 0 ? [{}] : rule.operations.filter((_, index) => isWider(rule, index));
    const ports = around.ports.filter((number) => operations.some((operation) => takesPort(operation, number)));
    if (ports.length === 0) return undefined;
    const { sources, conditions } = withoutHttp(rule);
    const anybody = sources.length === 0 || sources.some((source) => Object.keys(source).length === 0);
    const severity = anybody && conditions.length === 0 ? 'error' : 'warning';
    return { workload, action, rule, fields, ports, useless: false, severity };
  }
}

function isAbout({ operations }: AuthorizationRule, number: number): boolean {
  return operations.length === 0 || operations.some((operation) => takesPort(operation, number));
}

/** Whether a rule lets anybody in to a TCP port. */
function isOpen(authorizations: readonly Authorization[], number: number): boolean {
  return authorizations.some(
    ({ action, rules }) =>
      action === 'ALLOW' &&
      rules.some(
        (rule) => httpOperations(rule).length === 0 && httpCallers(rule).length === 0 && isAbout(rule, number),
      ),
  );
}

/** Whether a DENY means more on a TCP port than an operation of it says. */
function isWider(rule: AuthorizationRule, index: number): boolean {
  return httpCallers(rule).length > 0 || httpOperations(rule).some((path) => path[rule.path.length + 1] === index);
}

function messageOf({ workload, action, ports, fields, useless, severity }: Shut, more: string): string {
  const { kind, name } = workload.object;
  const where = `${ports.length === 1 ? 'port' : 'ports'} ${ports.join(', ')} of ${kind} ${name}${more}`;
  const are = ports.length === 1 ? 'it is' : 'they are';
  const said = [...new Set(fields.map((path) => (path.at(-1) === 'key' ? 'when' : path.at(-1))))].join(', ');
  if (action === 'DENY') {
    const who = severity === 'error' ? 'Every connection' : 'Every connection of the callers that the rule names';
    return `${who} to ${where} is refused: ${are} TCP, where a DENY rule holds without its HTTP fields (${said}).`;
  }
  const left = `${are} TCP, where an ALLOW rule with HTTP fields (${said}) is left out`;
  return useless ? `The rule never allows anything on ${where}: ${left}.` : `Nothing is allowed on ${where}: ${left}.`;
}

/** TCP ports get a rule without HTTP fields; where the rule is for them alone, it loses those. */
function allow(object: KubeObject, all: readonly Shut[]): Fix {
  const [{ rule, fields, useless }] = all as [Shut];
  if (useless && httpCallers(rule).length === 0) {
    const changes = fields.map((path) => remove(object, path));
    return { title: 'remove what is of HTTP', certain: false, changes };
  }
  const { sources, conditions } = withoutHttp(rule);
  const limited = sources.filter((source) => Object.keys(source).length > 0);
  const own: Dict = {
    ...(limited.length === sources.length && limited.length > 0 ? { from: limited.map((source) => ({ source })) } : {}),
    to: [{ operation: { ports: numbersOf(all).map(String) } }],
    ...(conditions.length > 0 ? { when: conditions } : {}),
  };
  const title = 'give TCP ports a rule of their own';
  const changes = useless ? [set(object, rule.path, own)] : [append(object, ['spec', 'rules'], own)];
  return { title, certain: false, changes };
}

/** The rule leaves the TCP ports alone. */
function narrow(object: KubeObject, all: readonly Shut[]): Fix {
  const [{ rule }] = all as [Shut];
  const tcp = numbersOf(all);
  const title = 'leave the TCP ports out of the rule';
  if (rule.operations.length === 0) {
    const to = [{ operation: { notPorts: tcp.map(String) } }];
    return { title, certain: false, changes: [set(object, [...rule.path, 'to'], to)] };
  }
  const changes = rule.operations.flatMap((operation, index): Change[] => {
    if (!isWider(rule, index) || !tcp.some((number) => takesPort(operation, number))) return [];
    const excluded = [...list(operation.notPorts), ...tcp.map(String)];
    return [set(object, [...rule.path, 'to', index, 'operation', 'notPorts'], [...new Set(excluded)])];
  });
  return { title, certain: false, changes };
}

function numbersOf(all: readonly Shut[]): number[] {
  return [...new Set(all.flatMap(({ ports }) => ports))].toSorted((a, b) => a - b);
}
