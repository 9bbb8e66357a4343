import type { StartCommand } from './start-commands.ts';

/** Programs that work on files and settings of the pod and call nobody, or by DNS alone, which is not redirected. */
const localPrograms: ReadonlySet<string> = new Set([
  ...[
    '[',
    '[[',
    'cat',
    'cd',
    'chgrp',
    'chmod',
    'chown',
    'cp',
    'cut',
    'date',
    'echo',
    'false',
    'find',
    'grep',
    'head',
    'id',
  ],
  ...['install', 'ln', 'ls', 'mkdir', 'mv', 'printf', 'pwd', 'rm', 'rmdir', 'sed', 'set', 'sleep', 'sort', 'stat'],
  ...['sysctl', 'tail', 'tar', 'tee', 'test', 'touch', 'tr', 'true', 'umask', 'unzip', 'wc', 'awk', 'base64', 'dd'],
  ...['basename', 'dirname', 'du', 'df', 'env', 'gunzip', 'gzip', 'hostname', 'jq', 'mktemp', 'readlink'],
  ...['realpath', 'rev', 'seq', 'setfacl', 'sha256sum', 'md5sum', 'sync', 'truncate', 'uname', 'uniq', 'whoami'],
  ...['yq', 'exit', 'for', 'done', 'fi', 'esac', 'case', 'in', 'ulimit', 'iptables', 'ip', 'modprobe'],
  ...['keytool', 'envsubst', 'ssh-keygen', 'nslookup', 'dig', 'getent', 'host', 'pause', 'trap', 'wait', 'kill'],
]);

/** Servers that wait for others and call nobody when they start, unless their arguments name a peer. */
const servingPrograms: ReadonlySet<string> = new Set([
  ...['nginx', 'httpd', 'apache2', 'apache2-foreground', 'httpd-foreground', 'caddy', 'lighttpd', 'haproxy', 'mongod'],
  ...['redis-server', 'valkey-server', 'memcached', 'postgres', 'mysqld', 'mariadbd', 'minio', 'vsftpd', 'sshd'],
  ...['http-echo', 'http-server', 'serve', 'whoami', 'podinfo', 'node_exporter', 'mailhog', 'wiremock'],
]);

/** Programs whose work is a call to another server. */
const callingPrograms: ReadonlySet<string> = new Set([
  ...['curl', 'wget', 'nc', 'ncat', 'netcat', 'telnet', 'psql', 'pg_isready', 'pg_dump', 'pg_restore', 'mysql'],
  ...['mysqladmin', 'mysqldump', 'mariadb', 'mongo', 'mongosh', 'mongodump', 'redis-cli', 'valkey-cli', 'cqlsh'],
  ...['kafka-topics', 'kafka-topics.sh', 'kcat', 'rabbitmqadmin', 'nats', 'etcdctl', 'grpcurl', 'aws', 'gsutil'],
  ...['gcloud', 'az', 's3cmd', 'mc', 'rclone', 'kubectl', 'oc', 'helm', 'vault', 'consul', 'wait-for-it'],
  ...['wait-for-it.sh', 'wait-for', 'wait-for.sh', 'dockerize', 'flyway', 'liquibase', 'alembic', 'goose', 'prisma'],
  ...['sqlx', 'diesel', 'dbmate', 'atlas', 'ssh', 'scp', 'sftp', 'rsync', 'pip', 'pip3', 'apk', 'apt-get', 'yum'],
  ...['git-sync', 'migrate', 'ldapsearch', 'sqlcmd', 'clickhouse-client', 'kafka-console-producer.sh'],
]);

/** Whether a program calls others: yes, no, or undefined for one that nobody here knows. */
export function callsOthers({ program, args }: StartCommand): boolean | undefined {
  if (args.some((arg) => arg.includes('$(') || arg.includes('`')) && !servingPrograms.has(program)) return undefined;
  if (program === 'mesh-shim') return args[0] === 'install' ? false : undefined;
  if (program === 'openssl') return args[0] === 's_client';
  if (program === 'git') return ['clone', 'fetch', 'pull', 'ls-remote'].some((word) => args.includes(word));
  if (callingPrograms.has(program))
    return (
      !isToItself(args) && !args.some((arg) => /^(-\w*l\w*|--listen)$/.test(arg) && /^(nc|ncat|netcat)$/.test(program))
    );
  if (args.some((arg) => /^(db:)?migrate(:|$)/.test(arg))) return true;
  // A controller asks the API server for its lease before anything else.
  if (leaderOption({ program, args }) !== undefined) return true;
  if (servingPrograms.has(program))
    return args.some((arg) => /replicaof|slaveof|sentinel|cluster|join/.test(arg)) ? undefined : false;
  return localPrograms.has(program) ? false : undefined;
}

/** The option by which a controller asks for its lease. */
export function leaderOption({ program, args }: Pick<StartCommand, 'program' | 'args'>): string | undefined {
  return [program, ...args].find((word) => /^--?(enable-)?leader-elect(ion)?(=true)?$/.test(word));
}

/** Whether all the addresses among the words are of the pod itself. */
function isToItself(words: readonly string[]): boolean {
  const hosts = words.flatMap((word) => /^(?:[a-z+]+:\/\/)?([\w.-]+|\[::1\])(?::\d+)?(?:\/|$)/i.exec(word)?.[1] ?? []);
  const local = hosts.filter((host) => ['localhost', '127.0.0.1', '[::1]'].includes(host));
  return (
    local.length > 0 &&
    !words.some((word) => /^[a-z+]+:\/\//i.test(word) && !/\/\/(localhost|127\.0\.0\.1|\[::1\])/.test(word))
  );
}
