import { findServerFirstPort } from '../../mesh/ports/ports.ts';
import { type ServicePort, targetOf, type Workload } from './cluster.ts';
import type { PortSign } from './port-signs.ts';
import { wordsOf } from './port-words.ts';

/** A server that speaks first, behind a port whose sidecar waits for the client. */
export interface ServerFirst {
  readonly protocol: string;
  /** Whether a name or an image says so, too; a number alone is a habit. */
  readonly confirmed: boolean;
}

/** Words in names of ports, containers, images and objects that go with a protocol of the table of ports. */
const witnesses: readonly (readonly [protocol: RegExp, words: readonly string[]])[] = [
  [/^FTP/, ['ftp', 'vsftpd', 'proftpd']],
  [/^SSH/, ['ssh', 'sshd', 'sftp', 'git', 'gitea', 'gitlab', 'forgejo', 'gogs']],
  [/^Telnet/, ['telnet']],
  [/^SMTP/, ['smtp', 'mail', 'mailer', 'mailhog', 'mailpit', 'postfix', 'exim', 'submission']],
  [/^POP3/, ['pop3', 'pop', 'dovecot', 'mail']],
  [/^NNTP/, ['nntp', 'news']],
  [/^IMAP/, ['imap', 'dovecot', 'mail']],
  [/^MySQL/, ['mysql', 'mariadb', 'percona', 'tidb', 'proxysql', 'vitess']],
  [/^ManageSieve/, ['sieve', 'managesieve', 'dovecot']],
  [/^NATS/, ['nats']],
  [/^VNC/, ['vnc', 'novnc']],
];

/**
 * Whether connections to a Service's port hang: the sidecar waits for the client's bytes, the client for the server's.
 * `sign`: what else tells of the port. It outweighs a number, and is outweighed by nothing but the port's own name.
 */
export function serverFirst(
  port: ServicePort,
  workloads: readonly Workload[],
  sign: PortSign | undefined,
): ServerFirst | undefined {
  const { handling } = port.protocol;
  if (handling !== 'sniffed' && handling !== 'http') return undefined;
  const [workload] = workloads;
  const target = (workload === undefined ? undefined : targetOf(port, workload)) ?? port.port;
  const protocol = (findServerFirstPort(port.port) ?? findServerFirstPort(target))?.protocol;
  if (protocol === undefined) return undefined;
  const known = witnesses.flatMap(([name, words]) => (name.test(protocol) ? words : []));
  const says = (...names: readonly (string | undefined)[]) =>
    names.some((name) => wordsOf(name ?? '').some((word) => known.includes(word)));
  const inPods = workloads.flatMap(({ ports }) => ports.filter(({ number }) => number === target));
  if (says(port.name, String(port.targetPort ?? ''), ...inPods.map(({ name }) => name)))
    return { protocol, confirmed: true };
  const speaksOther = sign !== undefined && sign.by !== 'number' && sign.spoken !== 'tcp';
  if (handling === 'http' || speaksOther) return undefined;
  const around = workloads.flatMap(({ object, template }) => [
    object.name,
    ...template.containers.flatMap(({ name, image }) => [name, image]),
  ]);
  return { protocol, confirmed: says(...around) };
}
