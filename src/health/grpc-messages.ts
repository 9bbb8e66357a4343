/** The two messages of grpc.health.v1.Health/Check, as bytes: https://github.com/grpc/grpc/blob/master/doc/health-checking.md */

/** What came is no such message. */
export class MalformedMessageError extends Error {}

/** Of a gRPC message: one byte says whether it is compressed, four how long it is. */
const prefixLength = 5;

/**
 * The message in the body of a unary request.
 *
 * @throws MalformedMessageError unless there is just one, and it is not compressed
 */
export function unframe(body: Uint8Array): Uint8Array {
  if (body.length < prefixLength) throw new MalformedMessageError('the request has no message');
  const prefix = new DataView(body.buffer, body.byteOffset, prefixLength);
  if (prefix.getUint8(0) !== 0) throw new MalformedMessageError('the message is compressed, or has a wrong prefix');
  if (prefix.getUint32(1) !== body.length - prefixLength) {
    throw new MalformedMessageError('the request is not one message of the length that it says');
  }
  return body.subarray(prefixLength);
}

/** `HealthCheckResponse { status: SERVING }`, or NOT_SERVING, with its prefix. */
export function checkResponse(serving: boolean): Uint8Array {
  return Uint8Array.of(0, 0, 0, 0, 2, 0x08, serving ? 1 : 2);
}

/**
 * The field `service` of a `HealthCheckRequest`; empty where it is left out. Other fields are read over, as protobuf demands.
 *
 * @throws MalformedMessageError
 */
export function serviceOf(message: Uint8Array): string {
  let at = 0;
  let service = '';
  /** A base-128 number; more than 32 bits are never needed here, and a tag or length that has them is wrong. */
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = message[at];
      if (byte === undefined) break;
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new MalformedMessageError('the message has a number that does not end');
  };
  const bytes = (length: number): Uint8Array => {
    if (length > message.length - at) throw new MalformedMessageError('the message ends within a field');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = varint();
    const [field, wireType] = [Math.floor(tag / 8), tag % 8];
    if (field === 0) throw new MalformedMessageError('the message has a field 0');
    if (wireType === 2) {
      const content = bytes(varint());
      if (field === 1) service = textOf(content);
    } else if (wireType === 0) varint();
    else if (wireType === 1) bytes(8);
    else if (wireType === 5) bytes(4);
    else throw new MalformedMessageError(`the message has a field of wire type ${wireType}`);
  }
  return service;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new MalformedMessageError('the name of the service is not UTF-8');
  }
}
