/** Names of variables with an address in them. */
const addressName =
  /(^|_)(URLS?|URI|DSN|HOSTS?|ADDR|ADDRESS(ES)?|ENDPOINTS?|BROKERS?|SERVERS?|CONN(ECTION)?(_?STRING)?|JDBC|UPSTREAM|SERVICE)$/i;

/** Words of names that mean the app's own address, or something that is sent later and tried again. */
const ownName =
  /(^|_)(BIND|LISTEN|PUBLIC|BASE|EXTERNAL|ROOT|SITE|SELF|OWN|CALLBACK|REDIRECT|POD|NODE|ADVERTISED|APP|SERVER|HTTP|HTTPS|GRPC|METRICS|HEALTH|OTEL|OTLP|JAEGER|ZIPKIN|KUBERNETES|PROXY|FRONTEND|WEB|CORS|COOKIE|ALLOWED)(_|$)/i;

const local = /^(localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1?|\[::1?\])?$/i;

const scheme =
  /\b(?!https?:\/\/(?:localhost|127\.|0\.0\.0\.0))(postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|kafka|nats|jdbc:\w+|https?|grpc|tcp|ldaps?|mqtt|memcached):\/\/([\w.-]+)/i;

const hostAndPort = /^(?:--?[\w.-]+=)?([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*):(\d{2,5})$/i;

/** What a container is told that makes it call others: a variable, or an argument; undefined: nothing. */
export function toldAddress(
  names: readonly string[],
  env: ReadonlyMap<string, string>,
  words: readonly string[],
): string | undefined {
  const variable = names.find((name) => {
    if (!addressName.test(name) || ownName.test(name) || !name.includes('_')) return false;
    const value = env.get(name);
    return value === undefined || !local.test(hostOf(value));
  });
  if (variable !== undefined) return `the variable ${variable}`;
  const word = words.find((one) => {
    const host = scheme.exec(one)?.[2] ?? hostAndPort.exec(one)?.[1];
    return host !== undefined && !local.test(host);
  });
  return word === undefined ? undefined : `the argument ${word.length > 40 ? `${word.slice(0, 40)}...` : word}`;
}

/** `postgres://user@db:5432/x` and `db:5432` are of db. */
function hostOf(value: string): string {
  return value.replace(/^[a-z+:]+:\/\/(?:[^@/]*@)?/i, '').split(/[:/]/)[0] ?? '';
}
