import { dict, isDict } from '../read/values.ts';

type Limit = readonly [words: string, isRight: (value: unknown) => boolean];

const address: Limit = ['HOST:PORT', isAddress];
const agentAddress: Limit = [
  'HOST:PORT',
  (value) => isAddress(typeof value === 'string' ? value.replace('$(HOST_IP)', '127.0.0.1') : value),
];
const port: Limit = ['a port', (value) => Number(value) >= 1 && Number(value) <= 65_535];
const notEmpty: Limit = ['a text that is not empty', (value) => value !== ''];
const positive: Limit = ['1 or more', (value) => Number(value) >= 1];
const notNegative: Limit = ['0 or more', (value) => !String(value).startsWith('-')];
const windowSize: Limit = ['65535 or more', (value) => Number(value) >= 65_535];

/**
 * What Istio's validation asks of the value of a setting beyond its type, by its place in `proxy.istio.io/config`.
 * Source: ValidateMeshConfigProxyConfig in pkg/config/validation/agent of Istio 1.30 and 1.31; the tests hold it to what these said.
 */
export const settingLimits: Readonly<Record<string, Limit>> = {
  binaryPath: notEmpty,
  configPath: notEmpty,
  serviceCluster: notEmpty,
  controlPlaneAuthPolicy: [
    'NONE or MUTUAL_TLS',
    (value) => ['NONE', 'MUTUAL_TLS', 0, 1].includes(value as string | number),
  ],
  drainDuration: ['whole seconds, one at least', (value) => /^([1-9]\d*[smh])+$/.test(String(value))],
  discoveryAddress: address,
  statsdUdpAddress: address,
  envoyMetricsServiceAddress: address,
  'envoyMetricsService.address': address,
  'envoyAccessLogService.address': address,
  'tracing.zipkin': addressed(agentAddress),
  'tracing.datadog': addressed(agentAddress),
  'tracing.lightstep': [
    'an address HOST:PORT, and an accessToken',
    (value) => isAddress(dict(value).address) && (dict(value).accessToken ?? '') !== '',
  ],
  'tracing.tlsSettings': [
    'of the mode MUTUAL with credentialName, or with clientCertificate and privateKey',
    (value) => {
      const { mode, credentialName, clientCertificate, privateKey } = dict(value);
      return mode !== 'MUTUAL' || Boolean(credentialName) || (Boolean(clientCertificate) && Boolean(privateKey));
    },
  ],
  proxyAdminPort: port,
  statusPort: port,
  privateKeyProvider: [
    'a map of cryptomb or qat, with a pollDelay above 0',
    (value) => {
      const { cryptomb, qat } = dict(value);
      const { pollDelay } = dict(qat ?? cryptomb);
      return typeof pollDelay === 'string' && /[1-9]/.test(pollDelay);
    },
  ],
  'connectionSettings.listenerPerConnectionBufferLimitBytes': notNegative,
  'connectionSettings.clusterPerConnectionBufferLimitBytes': notNegative,
  'connectionSettings.httpIdleTimeout': notNegative,
  'connectionSettings.httpMaxConnectionDuration': notNegative,
  'connectionSettings.httpDrainTimeout': notNegative,
  'connectionSettings.httpRequestTimeout': notNegative,
  'connectionSettings.httpRequestHeadersTimeout': notNegative,
  'connectionSettings.httpStreamIdleTimeout': notNegative,
  'connectionSettings.httpMaxStreamDuration': notNegative,
  'connectionSettings.httpMaxConcurrentStreams': positive,
  'connectionSettings.http2InitialStreamWindowSize': windowSize,
  'connectionSettings.http2InitialConnectionWindowSize': windowSize,
  'connectionSettings.listenerConnectionLimit': positive,
  'connectionSettings.globalDownstreamConnectionLimit': positive,
};

function addressed([words, isRight]: Limit): Limit {
  return [`a map with an address ${words}`, (value) => isDict(value) && isRight(value.address)];
}

/** ValidateProxyAddress: a name or an IP address, and a port. */
function isAddress(value: unknown): boolean {
  const [, host = '', number] = /^(\[[\da-fA-F:.]+\]|[^:]*):(\d{1,5})$/.exec(String(value ?? '')) ?? [];
  return Number(number) >= 1 && Number(number) <= 65_535 && /^(\[.+\]|[\w*-]+(\.[\w-]+)*\.?)$/.test(host);
}
