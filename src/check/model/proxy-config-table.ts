/** Made by `npm run record:istio` from istio.io/api of Istio 1.15 to 1.32: the fields of ProxyConfig and of the messages below it, as `name:type@since-until`. */
export const proxyMessages: Readonly<Record<string, string>> = {
  PrivateKeyProvider: 'cryptomb:PrivateKeyProvider.CryptoMb, qat:PrivateKeyProvider.QAT@17',
  'PrivateKeyProvider.CryptoMb': 'fallback:bool@21, pollDelay:duration',
  'PrivateKeyProvider.QAT': 'fallback:bool@21, pollDelay:duration@17',
  ProxyConfig:
    'availabilityZone:string, binaryPath:string, caCertificatesPem:list string, concurrency:int32, configPath:string, connectionSettings:ProxyConfig.ConnectionSettings@31, controlPlaneAuthPolicy:enum NONE MUTUAL_TLS INHERIT, customConfigFile:string, discoveryAddress:string, discoveryRefreshDelay:duration, drainDuration:duration, envoyAccessLogService:RemoteService, envoyMetricsService:RemoteService, envoyMetricsServiceAddress:string, extraStatTags:list string, fileFlushInterval:duration@29, fileFlushMinSizeKb:uint32@29, gatewayTopology:Topology, holdApplicationUntilProxyStarts:bool, image:ProxyImage, interceptionMode:enum REDIRECT TPROXY NONE, meshId:string, parentShutdownDuration:duration@15-16, privateKeyProvider:PrivateKeyProvider, proxyAdminPort:int32, proxyBootstrapTemplatePath:string, proxyHeaders:ProxyConfig.ProxyHeaders@19, proxyMetadata:map string, proxyStatsMatcher:ProxyConfig.ProxyStatsMatcher, readinessProbe:ReadinessProbe, runtimeValues:map string, sds:SDS, serviceCluster:string, statNameLength:int32, statsCompression:bool@29, statsdUdpAddress:string, statusPort:int32, terminationDrainDuration:duration, tracing:Tracing, tracingServiceName:enum APP_LABEL_AND_NAMESPACE CANONICAL_NAME_ONLY CANONICAL_NAME_AND_NAMESPACE, zipkinAddress:string',
  'ProxyConfig.ConnectionSettings':
    'clusterPerConnectionBufferLimitBytes:int32@31, globalDownstreamConnectionLimit:int32@31, http2InitialConnectionWindowSize:int32@31, http2InitialStreamWindowSize:int32@31, httpDrainTimeout:duration@31, httpHeadersWithUnderscoresAction:enum HEADERS_WITH_UNDERSCORES_UNSPECIFIED HEADERS_WITH_UNDERSCORES_ALLOW HEADERS_WITH_UNDERSCORES_REJECT_REQUEST HEADERS_WITH_UNDERSCORES_DROP_HEADER@31, httpIdleTimeout:duration@31, httpMaxConcurrentStreams:int32@31, httpMaxConnectionDuration:duration@31, httpMaxStreamDuration:duration@31, httpMergeSlashes:bool@31, httpPathWithEscapedSlashesAction:enum PATH_WITH_ESCAPED_SLASHES_UNSPECIFIED KEEP_UNCHANGED REJECT_REQUEST UNESCAPE_AND_REDIRECT UNESCAPE_AND_FORWARD@31, httpRequestHeadersTimeout:duration@31, httpRequestTimeout:duration@31, httpStreamIdleTimeout:duration@31, listenerConnectionLimit:int32@31, listenerPerConnectionBufferLimitBytes:int32@31, profile:enum SIDECAR EDGE@31',
  'ProxyConfig.ProxyHeaders':
    'attemptCount:ProxyConfig.ProxyHeaders.AttemptCount@19, envoyDebugHeaders:ProxyConfig.ProxyHeaders.EnvoyDebugHeaders@19, forwardedClientCert:enum UNDEFINED SANITIZE FORWARD_ONLY APPEND_FORWARD SANITIZE_SET ALWAYS_FORWARD_ONLY@19, metadataExchangeHeaders:ProxyConfig.ProxyHeaders.MetadataExchangeHeaders@19, preserveHttp1HeaderCase:bool@25, requestId:ProxyConfig.ProxyHeaders.RequestId@19, server:ProxyConfig.ProxyHeaders.Server@19, setCurrentClientCertDetails:ProxyConfig.ProxyHeaders.SetCurrentClientCertDetails@24, xForwardedHost:ProxyConfig.ProxyHeaders.XForwardedHost@28, xForwardedPort:ProxyConfig.ProxyHeaders.XForwardedPort@28',
  'ProxyConfig.ProxyHeaders.AttemptCount': 'disabled:bool@19',
  'ProxyConfig.ProxyHeaders.EnvoyDebugHeaders': 'disabled:bool@19',
  'ProxyConfig.ProxyHeaders.MetadataExchangeHeaders': 'mode:enum UNDEFINED IN_MESH@19',
  'ProxyConfig.ProxyHeaders.RequestId': 'disabled:bool@19',
  'ProxyConfig.ProxyHeaders.Server': 'disabled:bool@19, value:string@19',
  'ProxyConfig.ProxyHeaders.SetCurrentClientCertDetails':
    'cert:bool@24, chain:bool@24, dns:bool@24, subject:bool@24, uri:bool@24',
  'ProxyConfig.ProxyHeaders.XForwardedHost': 'enabled:bool@28',
  'ProxyConfig.ProxyHeaders.XForwardedPort': 'enabled:bool@28',
  'ProxyConfig.ProxyStatsMatcher':
    'inclusionPrefixes:list string, inclusionRegexps:list string, inclusionSuffixes:list string',
  RemoteService:
    'address:string, tcpKeepalive:ConnectionPoolSettings.TCPSettings.TcpKeepalive, tlsSettings:ClientTLSSettings',
  SDS: 'enabled:bool, k8sSaJwtPath:string',
  Topology:
    'forwardClientCertDetails:enum UNDEFINED SANITIZE FORWARD_ONLY APPEND_FORWARD SANITIZE_SET ALWAYS_FORWARD_ONLY, numTrustedProxies:uint32, proxyProtocol:Topology.ProxyProtocolConfiguration@19',
  'Topology.ProxyProtocolConfiguration': '',
  Tracing:
    'customTags:map Tracing.CustomTag, datadog:Tracing.Datadog, enableIstioTags:bool@25, lightstep:Tracing.Lightstep, maxPathTagLength:uint32, openCensusAgent:Tracing.OpenCensusAgent, sampling:double, stackdriver:Tracing.Stackdriver, tlsSettings:ClientTLSSettings, zipkin:Tracing.Zipkin',
  'Tracing.CustomTag': 'environment:Tracing.Environment, header:Tracing.RequestHeader, literal:Tracing.Literal',
  'Tracing.Datadog': 'address:string',
  'Tracing.Environment': 'defaultValue:string, name:string',
  'Tracing.Lightstep': 'accessToken:string, address:string',
  'Tracing.Literal': 'value:string',
  'Tracing.OpenCensusAgent':
    'address:string, context:list enum UNSPECIFIED W3C_TRACE_CONTEXT GRPC_BIN CLOUD_TRACE_CONTEXT B3',
  'Tracing.RequestHeader': 'defaultValue:string, name:string',
  'Tracing.Stackdriver':
    'debug:bool, maxNumberOfAnnotations:int64, maxNumberOfAttributes:int64, maxNumberOfMessageEvents:int64',
  'Tracing.Zipkin': 'address:string',
  ClientTLSSettings:
    'caCertCredentialName:string@32, caCertificates:string, caCrl:string@22, clientCertificate:string, credentialName:string, insecureSkipVerify:bool, mode:enum DISABLE SIMPLE MUTUAL ISTIO_MUTUAL, privateKey:string, sni:string, subjectAltNames:list string',
  'ConnectionPoolSettings.TCPSettings.TcpKeepalive': 'interval:duration, probes:uint32, time:duration',
  ExecHealthCheckConfig: 'command:list string',
  GrpcHealthCheckConfig: 'port:uint32@25, service:string@25',
  HTTPHeader: 'name:string, value:string',
  HTTPHealthCheckConfig: 'host:string, httpHeaders:list HTTPHeader, path:string, port:uint32, scheme:string',
  ReadinessProbe:
    'exec:ExecHealthCheckConfig, failureThreshold:int32, grpc:GrpcHealthCheckConfig@25, httpGet:HTTPHealthCheckConfig, initialDelaySeconds:int32, periodSeconds:int32, successThreshold:int32, tcpSocket:TCPHealthCheckConfig, timeoutSeconds:int32',
  TCPHealthCheckConfig: 'host:string, port:uint32',
  ProxyImage: 'imageType:string',
};
