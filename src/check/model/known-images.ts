/** Images by the last part of their name, whose own entrypoint serves and calls nobody at its start. */
const serving: ReadonlySet<string> = new Set([
  ...['nginx', 'nginx-unprivileged', 'httpd', 'apache', 'caddy', 'haproxy', 'redis', 'valkey', 'memcached', 'postgres'],
  ...['postgresql', 'mysql', 'mariadb', 'mongo', 'mongodb', 'minio', 'registry', 'mailhog', 'mailpit', 'httpbin'],
  ...['go-httpbin', 'http-echo', 'echo-server', 'http-https-echo', 'whoami', 'podinfo', 'hello-app', 'echoserver'],
  ...['node-exporter', 'wiremock', 'swagger-ui', 'pause', 'static-web-server', 'hello-world', 'hello', 'agnhost'],
  ...['redis_exporter', 'postgres-exporter', 'mysqld-exporter', 'blackbox-exporter', 'nginx-prometheus-exporter'],
  ...['vsftpd', 'openssh-server', 'adminer', 'phpmyadmin', 'zookeeper', 'verdaccio', 'mosquitto', 'unbound'],
  ...['nginx-hello', 'echo-basic', 'http-server', 'sftp', 'pgbouncer', 'squid', 'dnsmasq', 'rabbitmq', 'sleep'],
]);

/** Words in the name of an image or a container whose work is to call others. */
const calling: ReadonlySet<string> = new Set([
  ...['migrate', 'migration', 'migrations', 'migrator', 'flyway', 'liquibase', 'fetch', 'fetcher', 'download'],
  ...['downloader', 'clone', 'sync', 'git', 'wait', 'waitfor', 'register', 'bootstrap', 'seed', 'import', 'loader'],
  ...[
    'operator',
    'controller',
    'worker',
    'consumer',
    'subscriber',
    'poller',
    'crawler',
    'cronjob',
    'backup',
    'restore',
  ],
  ...['agent', 'scheduler', 'connect', 'curl', 'vault', 'schema'],
]);

/** Containers of meshes themselves: they set the redirection, or are the proxy. */
const ofMeshes: ReadonlySet<string> = new Set([
  ...['istio-init', 'istio-validation', 'istio-proxy', 'enable-core-dump', 'linkerd-init', 'linkerd-proxy'],
  ...[
    'linkerd-network-validator',
    'linkerd-debug',
    'kuma-init',
    'kuma-validation',
    'kuma-sidecar',
    'consul-connect-inject-init',
  ],
  ...['osm-init', 'proxyinit', 'envoy-sidecar', 'consul-dataplane'],
]);

export function onlyServes(image: string): boolean {
  return serving.has(lastPart(image));
}

export function isOfMesh(name: string): boolean {
  return ofMeshes.has(name);
}

/** The word in the names of an init container and its image that says that it calls others. */
export function callingWord(name: string, image: string): string | undefined {
  return [name, lastPart(image)]
    .flatMap((text) => text.toLowerCase().split(/[^a-z0-9]+/))
    .find((word) => calling.has(word));
}

/** `docker.io/library/nginx:1.29@sha256:...` is nginx. */
function lastPart(image: string): string {
  return (
    (image.split('@')[0] ?? '')
      .replace(/:[^/]*$/, '')
      .split('/')
      .at(-1) ?? ''
  );
}
