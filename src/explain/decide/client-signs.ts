import type { TextSign } from './text-sign.ts';

/**
 * What client libraries write: Node 26 (system errors, undici, OpenSSL), Go 1.25 (net, crypto/tls, grpc), Java 25, Python
 * (requests, aiohttp), curl 8. TLS comes first: a handshake that was reset is not a reset like another.
 */
export const clientSigns: readonly TextSign[] = [
  [
    'http-at-tls',
    'certain',
    /sent an HTTP request to an HTTPS server|malformed HTTP response "?\\x15|http request was sent to HTTPS port/i,
  ],
  [
    'tls-twice',
    'certain',
    /wrong version number|WRONG_VERSION_NUMBER|packet length too long|record overflow|plaintext connection\?|not an SSL\/TLS record|not look like a TLS handshake|gave HTTP response to HTTPS client|tls_get_more_records|ERR_SSL_PROTOCOL_ERROR|SSL is not enabled on the server|server does not support SSL|http_request\b.*ssl/i,
  ],
  [
    'certificate-expired',
    'certain',
    /certificate has expired|CERT_HAS_EXPIRED|certificate(?: is)? expired|has expired or is not yet valid|NotAfter:/i,
  ],
  [
    'name-mismatch',
    'certain',
    /ERR_TLS_CERT_ALTNAME_INVALID|Hostname\/IP does not match|certificate is (?:not )?valid for|No subject alternative|no alternative certificate subject name|doesn't match the host|match any of the subject alternative/i,
  ],
  [
    'external-certificate',
    'likely',
    /unknown authority|self[- _]signed certificate|SELF_SIGNED_CERT|unable to get (?:local )?issuer|UNABLE_TO_(?:GET_ISSUER|VERIFY)|PKIX path|certificate verify failed|unknown[_ ]ca\b|curl: \(60\)|ERR_CERT_AUTHORITY|unable to verify the first/i,
  ],
  [
    'no-client-certificate',
    'likely',
    /certificate[_ ]required|alert bad[_ ]certificate|tls: bad certificate|bad_certificate|client didn't provide a certificate/i,
  ],
  [
    'tls-no-common',
    'likely',
    /alert protocol version|protocol_version|alert handshake failure|handshake_failure|no cipher suite|unsupported protocol|no protocols? (?:are )?available/i,
  ],
  [
    'tls-handshake-cut',
    'likely',
    /SSL_ERROR_SYSCALL|SSL_connect.*(?:reset|error)|before secure TLS connection was established|(?:SSLHandshakeException|handshake).*(?:closed|terminated|reset|EOF)|unexpected eof while reading|curl: \(35\)|ssl.*UNEXPECTED_EOF|SSLEOFError|SSL connection could not be established/i,
  ],
  [
    'grpc-unimplemented',
    'likely',
    /code = Unimplemented|\b12 UNIMPLEMENTED|UNIMPLEMENTED:|unknown (?:service|method) \S+\.\S+/,
  ],
  [
    'grpc-not-http2',
    'likely',
    /error reading server preface|http2: frame too large|frame length exceeds|unexpected HTTP status code|malformed HTTP response|missing HTTP content-type|HTTP\/2 client preface string missing|First received frame was not SETTINGS|PROTOCOL_ERROR invalid settings/i,
  ],
  ['grpc-deadline', 'certain', /code = DeadlineExceeded|\b4 DEADLINE_EXCEEDED|DEADLINE_EXCEEDED:/],
  [
    'reply-broke-off',
    'likely',
    /server closed the stream without sending trailers|unexpected end of file|IncompleteRead|premature close|ERR_INCOMPLETE_CHUNKED|unexpected EOF|terminated.*other side closed/i,
  ],
  [
    'server-reset',
    'likely',
    /ENHANCE_YOUR_CALM|too_many_pings|received prior goaway|GOAWAY|ERR_HTTP2_PROTOCOL_ERROR|RST_STREAM|Stream removed|ERR_HTTP2_STREAM_ERROR|NGHTTP2_(?:REFUSED_STREAM|INTERNAL_ERROR|CANCEL)|INTERNAL_ERROR; received from peer/i,
  ],
  [
    'sidecar-not-ready',
    'likely',
    /(?:127\.0\.0\.1|localhost|::1\]?):(?<port>15000|15020|15021|15001|15053|4191|3500).*refused|refused.*(?:127\.0\.0\.1|localhost|::1\]?):(?<ownPort>15000|15020|15021|15001|15053|4191|3500)\b/i,
  ],
  ['address-in-use', 'certain', /EADDRINUSE|address (?:is )?already in use/i],
  [
    'refused-at-start',
    'likely',
    /ECONNREFUSED|CONNECTION_REFUSED|(?:connection|connect\w*) (?:was |is |has been )?refused|Connection refused|actively refused|curl: \(7\)|couldn't connect to server|Failed to connect to \S+ port/i,
  ],
  ['upstream-unreachable', 'likely', /EHOSTUNREACH|no route to host|host is unreachable|NoRouteToHostException/i],
  ['network-unreachable', 'likely', /ENETUNREACH|network is unreachable/i],
  [
    'dns-temporary',
    'likely',
    /EAI_AGAIN|temporary failure in name resolution|server misbehaving|SERVFAIL|lookup \S+.*(?:i\/o timeout|refused|timed out)/i,
  ],
  [
    'dns-not-found',
    'certain',
    /ENOTFOUND|NAME_NOT_RESOLVED|NXDOMAIN|no such host|UnknownHostException|name or service not known|could not resolve host|nodename nor servname|EAI_NONAME|host not found in upstream|curl: \(6\)|bad address '|name does not resolve/i,
  ],
  [
    'client-timeout',
    'likely',
    /ETIMEDOUT|ESOCKETTIMEDOUT|i\/o timeout|(?:connect(?:ion)?|read|request|socket|handshake|headers|body)[ _]?(?:timed out|time-?out)|CONNECT_TIMEOUT|HEADERS_TIMEOUT|BODY_TIMEOUT|context deadline exceeded|Client\.Timeout|TimeoutException|ConnectTimeoutError|ReadTimeout|timeout of \d+ ?ms exceeded|curl: \(28\)|operation was aborted due to timeout|timed out (?:after|waiting)|OpenTimeout|execution expired/i,
  ],
  ['broken-pipe', 'likely', /EPIPE|broken pipe/i],
  [
    'connection-reset',
    'likely',
    /ECONNRESET|CONNECTION_RESET|socket hang up|reset by (?:peer|the peer)|Connection reset|UND_ERR_SOCKET|other side closed|ECONNABORTED|Connection aborted|RemoteDisconnected|curl: \(56\)|Recv failure|WSAECONNRESET/i,
  ],
  [
    'connection-closed-early',
    'likely',
    /server closed idle connection|failed to respond|NoHttpResponse|Server ?Disconnected|prematurely closed connection|prematurely closed|ended prematurely|IncompleteMessage|Empty reply|curl: \(52\)|closed (?:the|its) connection|connection (?:was |is )?closed|ERR_EMPTY_RESPONSE|(?:^|[:\s"])EOF\b/i,
  ],
  ['connection-closed-early', 'likely', /\bEOFException\b|unexpected(?:ly)? (?:closed|disconnected)/i],
  [
    'server-first',
    'likely',
    /reading initial communication packet|waiting for (?:the )?(?:initial )?(?:greeting|handshake packet)/i,
  ],
  ['not-http', 'likely', /HPE_INVALID|http\/1\.1 protocol error/],
  // What says no more than that there is no connection.
  [
    'refused-at-start',
    'possible',
    /(?:can't|cannot|could not|unable to|not possible to|failed to) (?:re-?)?(?:connect|reach)|communications link failure|connection attempt failed|fetch failed|server selection|no (?:brokers?|nodes?) available/i,
  ],
  ['grpc-unavailable', 'possible', /code = Unavailable|\b14 UNAVAILABLE|UNAVAILABLE:/],
];
