import type { ByteString } from '../transport.ts';
import { readUint32Be, writeUint32Be } from './integers.ts';
import { foreign, more, type ProtocolAnswer, type ProtocolCheck } from './protocol-check.ts';

/** Types and flags of frames (RFC 9113, section 6). */
const frame = { data: 0, headers: 1, reset: 3, settings: 4, goAway: 7 } as const;
const endStream = 1;
const endHeaders = 4;
const padded = 8;
const frameHeadBytes = 9;

const statuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];

/**
 * One call of grpc.health.v1.Health/Check, without TLS, as the kubelet makes it: the connection's preface, one request, and as
 * much of the answer as its status takes. Headers are never decompressed: a refusal is one whatever its words.
 *
 * Rule: gRPC over HTTP/2 (grpc/grpc, doc/PROTOCOL-HTTP2.md) and GRPC Health Checking Protocol (doc/health-checking.md);
 * RFC 9113; RFC 7541 for the request's headers, which are literals.
 *
 * @param service empty: the server as a whole
 */
export function createGrpcHealthCheck(authority: string, service: string): ProtocolCheck {
  return {
    protocol: 'gRPC',
    opening:
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' +
      frameOf(frame.settings, 0, 0, '') +
      frameOf(frame.headers, endHeaders, 1, requestHeaders(authority)) +
      frameOf(frame.data, endStream, 1, requestMessage(service)),
    read,
  };
}

function frameOf(type: number, flags: number, stream: number, payload: ByteString): ByteString {
  return writeUint32Be(payload.length).slice(1) + String.fromCharCode(type, flags) + writeUint32Be(stream) + payload;
}

/** By the static table's numbers: 3 is `:method: POST`, 6 `:scheme: http`, 4 and 1 the names of path and authority, 31 content-type. */
function requestHeaders(authority: string): ByteString {
  return (
    String.fromCharCode(0x83, 0x86) +
    `\x04${sized('/grpc.health.v1.Health/Check')}` +
    `\x01${sized(authority)}` +
    `\x0f\x10${sized('application/grpc')}` +
    `\x00${sized('te')}${sized('trailers')}`
  );
}

/** A text, its length before it in 7 bits and more (RFC 7541, section 5.1). */
function sized(text: ByteString): ByteString {
  if (text.length < 127) return String.fromCharCode(text.length) + text;
  return `\x7f${varint(text.length - 127)}${text}`;
}

function varint(value: number): ByteString {
  return value < 128 ? String.fromCharCode(value) : String.fromCharCode(128 + (value % 128)) + varint(value >> 7);
}

/** HealthCheckRequest: its field 1 is the service. */
function requestMessage(service: string): ByteString {
  const message = service === '' ? '' : `\x0a${varint(service.length)}${service}`;
  return `\0${writeUint32Be(message.length)}${message}`;
}

function read(received: ByteString): ProtocolAnswer {
  let message: ByteString = '';
  for (let at = 0; received.length >= at + frameHeadBytes; ) {
    const length = readUint32Be(received, at) >>> 8;
    const type = received.charCodeAt(at + 3);
    const flags = received.charCodeAt(at + 4);
    // The first frame of a server is its settings (RFC 9113, section 3.4).
    if (at === 0 && (type !== frame.settings || length % 6 !== 0)) return foreign('gRPC', received);
    const payload = received.slice(at + frameHeadBytes, at + frameHeadBytes + length);
    if (payload.length < length) return more;
    at += frameHeadBytes + length;
    if (type === frame.goAway) return { kind: 'not-yet', detail: 'ends the connection (GOAWAY)' };
    if (type === frame.reset) return { kind: 'not-yet', detail: 'refuses the call (RST_STREAM)' };
    if (type === frame.data) message += (flags & padded) === 0 ? payload : withoutPadding(payload);
    const status = statusIn(message);
    if (status === 'SERVING') return { kind: 'ready', detail: 'says SERVING' };
    if (status !== undefined) return { kind: 'not-yet', detail: `says ${status}` };
    if ((type === frame.headers || type === frame.data) && (flags & endStream) !== 0) {
      return { kind: 'not-yet', detail: 'refuses the call: has it the health service, and this name in it?' };
    }
  }
  // Settings are short: their length begins with a zero.
  return received.startsWith('\0') ? more : foreign('gRPC', received);
}

function withoutPadding(payload: ByteString): ByteString {
  return payload.slice(1, payload.length - payload.charCodeAt(0));
}

/** HealthCheckResponse: its field 1 is the status, which is left out when it is 0. */
function statusIn(message: ByteString): string | undefined {
  if (message.length < 5) return undefined;
  const length = readUint32Be(message, 1);
  if (message.length < 5 + length) return undefined;
  if (length === 0) return statuses[0];
  return message.charCodeAt(5) === 8 ? (statuses[message.charCodeAt(6)] ?? 'another status') : 'another message';
}
