/**
 * What servers answer to the protocol checks, byte by byte. PostgreSQL, MariaDB, Redis and RabbitMQ are also tested as real servers;
 * Kafka's and MongoDB's answers are stand-ins, made after the protocols' documentation.
 */
const uint16Be = (value: number) => String.fromCharCode(value >> 8, value & 255);
const uint32Be = (value: number) => uint16Be(value >>> 16) + uint16Be(value & 0xffff);
const uint32Le = (value: number) => [...uint32Be(value)].reverse().join('');
const uint24Le = (value: number) => uint32Le(value).slice(0, 3);

export function postgresError(message: string): string {
  const fields = `SFATAL\0C57P03\0M${message}\0\0`;
  return `E${uint32Be(4 + fields.length)}${fields}`;
}

function mysqlPacket(payload: string): string {
  return `${uint24Le(payload.length)}\0${payload}`;
}

export function mysqlGreeting(version: string): string {
  return mysqlPacket(
    `\x0a${version}\0${uint32Le(7)}saltsalt\0\xff\xff\x21\x02\0\xff\xff\x15${'\0'.repeat(10)}salt\0mysql_native_password\0`,
  );
}

export function mysqlError(code: number, message: string): string {
  return mysqlPacket(`\xff${uint16Be(code)[1]}${uint16Be(code)[0]}${message}`);
}

export const amqpStart = (() => {
  const payload = `${uint16Be(10)}${uint16Be(10)}\0\x09${uint32Be(0)}${uint32Be(5)}PLAIN${uint32Be(5)}en_US`;
  return `\x01\0\0${uint32Be(payload.length)}${payload}\xce`;
})();

/** Of version 0: the request's correlation id, an error code, and one key with its versions. */
export function kafkaApiVersions(request: string, error = 0): string {
  const body = `${request.slice(8, 12)}${uint16Be(error)}${uint32Be(1)}${uint16Be(18)}${uint16Be(0)}${uint16Be(4)}`;
  return uint32Be(body.length) + body;
}

/** An OP_MSG in reply to the request, with `{ ok: 1.0 }`. */
export function mongodbHello(request: string): string {
  const document = `${uint32Le(17)}\x01ok\0\0\0\0\0\0\0\xf0\x3f\0`;
  const body = `${uint32Le(99)}${request.slice(4, 8)}${uint32Le(2013)}${uint32Le(0)}\0${document}`;
  return uint32Le(4 + body.length) + body;
}

/** A frame of HTTP/2: type, flags, stream, payload. */
const http2Frame = (type: number, flags: number, stream: number, payload: string): string =>
  `\0\0${String.fromCharCode(payload.length, type, flags)}\0\0\0${String.fromCharCode(stream)}${payload}`;
const http2Settings = http2Frame(4, 0, 0, '\0\x03\0\0\0\x64') + http2Frame(4, 1, 0, '');

/** A gRPC server's answer with this message: settings, headers, the message, trailers. */
export function grpcAnswer(message: string, { padding = 0 } = {}): string {
  const body = `\0\0\0\0${String.fromCharCode(message.length)}${message}`;
  const padded = `${String.fromCharCode(padding)}${body}${'\0'.repeat(padding)}`;
  const data = padding > 0 ? http2Frame(0, 8, 1, padded) : http2Frame(0, 0, 1, body);
  return http2Settings + http2Frame(1, 4, 1, '\x88') + data;
}

/** Headers that end the stream: the status of the call is in them. */
export const grpcRefusal = http2Settings + http2Frame(1, 5, 1, '\x88');
export const grpcReset = http2Settings + http2Frame(3, 0, 1, '\0\0\0\x07');
export const grpcGoAway = http2Settings + http2Frame(7, 0, 0, '\0\0\0\0\0\0\0\x0b');
