import { isDict } from '../read/values.ts';
import { minorOf } from './inputs.ts';

/** What a field of a ProxyConfig holds; a list of words is an enumeration. */
export type FieldType =
  | 'string'
  | 'bool'
  | 'int'
  | 'port'
  | 'duration'
  | 'list'
  | 'map'
  | 'message'
  | readonly string[];

export interface ProxyConfigField {
  readonly type: FieldType;
  /** The first and the last minor release that has it, where it is not all of 1.15 to 1.31. */
  readonly since?: number;
  readonly until?: number;
}

/** Source: istio.io/api of each release, mesh/v1alpha1 ProxyConfig, recorded by scripts/istio. */
export const proxyConfigFields: Readonly<Record<string, ProxyConfigField>> = {
  availabilityZone: { type: 'string' },
  binaryPath: { type: 'string' },
  caCertificatesPem: { type: 'list' },
  concurrency: { type: 'int' },
  configPath: { type: 'string' },
  connectionSettings: { type: 'message', since: 31 },
  controlPlaneAuthPolicy: { type: ['NONE', 'MUTUAL_TLS', 'INHERIT'] },
  customConfigFile: { type: 'string' },
  discoveryAddress: { type: 'string' },
  discoveryRefreshDelay: { type: 'duration' },
  drainDuration: { type: 'duration' },
  envoyAccessLogService: { type: 'message' },
  envoyMetricsService: { type: 'message' },
  envoyMetricsServiceAddress: { type: 'string' },
  extraStatTags: { type: 'list' },
  fileFlushInterval: { type: 'duration', since: 29 },
  fileFlushMinSizeKb: { type: 'int', since: 29 },
  gatewayTopology: { type: 'message' },
  holdApplicationUntilProxyStarts: { type: 'bool' },
  image: { type: 'message' },
  interceptionMode: { type: ['REDIRECT', 'TPROXY', 'NONE'] },
  meshId: { type: 'string' },
  parentShutdownDuration: { type: 'duration', until: 16 },
  privateKeyProvider: { type: 'message' },
  proxyAdminPort: { type: 'port' },
  proxyBootstrapTemplatePath: { type: 'string' },
  proxyHeaders: { type: 'message', since: 19 },
  proxyMetadata: { type: 'map' },
  proxyStatsMatcher: { type: 'message' },
  readinessProbe: { type: 'message' },
  runtimeValues: { type: 'map' },
  sds: { type: 'message' },
  serviceCluster: { type: 'string' },
  statNameLength: { type: 'int' },
  statsCompression: { type: 'bool', since: 29 },
  statsdUdpAddress: { type: 'string' },
  statusPort: { type: 'port' },
  terminationDrainDuration: { type: 'duration' },
  tracing: { type: 'message' },
  tracingServiceName: { type: ['APP_LABEL_AND_NAMESPACE', 'CANONICAL_NAME_ONLY', 'CANONICAL_NAME_AND_NAMESPACE'] },
  zipkinAddress: { type: 'string' },
};

/** Whether a release knows a field, by its name in JSON or in the definition: `hold_application_until_proxy_starts`. */
export function isProxyConfigField(name: string, istio: string): boolean {
  const field = proxyConfigFields[camelCase(name)];
  const minor = minorOf(istio);
  return field !== undefined && minor >= (field.since ?? 0) && minor <= (field.until ?? Number.POSITIVE_INFINITY);
}

/** Both spellings are read. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** What a field must be, for a person, where the value is not; undefined: Istio takes it. null is as good as left out. */
export function wanted(name: string, value: unknown): string | undefined {
  const field = proxyConfigFields[name];
  if (field === undefined || value === null || value === undefined) return undefined;
  const [words, isRight] = typeof field.type === 'string' ? types[field.type] : enumeration(field.type);
  if (!isRight(value)) return words;
  return limits[name]?.[1](value) === false ? limits[name][0] : undefined;
}

type Check = readonly [words: string, isRight: (value: unknown) => boolean];

const types: Readonly<Record<Exclude<FieldType, readonly string[]>, Check>> = {
  string: ['a text', isText],
  bool: ['true or false', (value) => typeof value === 'boolean'],
  int: ['a whole number', (value) => integer(value) !== undefined],
  port: [
    'a port',
    (value) => {
      const port = integer(value) ?? 0;
      return port >= 1 && port <= 65_535;
    },
  ],
  duration: ['a duration such as "5s"', isDuration],
  list: ['a list of texts', (value) => Array.isArray(value) && value.every(isText)],
  map: ['a map of texts: put values in quotes', (value) => isDict(value) && Object.values(value).every(isText)],
  message: ['a map of settings', isDict],
};

/** What Istio's validation asks for beyond the type (pkg/config/validation/agent). */
const limits: Readonly<Record<string, Check>> = {
  drainDuration: ['whole seconds, one at least', (value) => /^([1-9]\d*[smh])+$/.test(String(value))],
  discoveryAddress: ['an address with a port', (value) => /^.+:\d{1,5}$/.test(String(value))],
};

function enumeration(words: readonly string[]): Check {
  return [words.join(', '), (value) => words.includes(String(value)) || integer(value) !== undefined];
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

/** A quoted number is one as well, for protobuf. */
function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  const isRight = typeof number === 'number' && Number.isInteger(number) && Math.abs(number) < 2 ** 31;
  return isRight ? number : undefined;
}

/** As Go's time.ParseDuration takes it. */
function isDuration(value: unknown): boolean {
  return typeof value === 'string' && /^[+-]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|ms|s|m|h))+)$/.test(value);
}
