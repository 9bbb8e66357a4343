import { makeGenericClientConstructor } from '@grpc/grpc-js';

const serialize = (text: string): Buffer => Buffer.from(text);
const deserialize = (bytes: Buffer): string => bytes.toString();
const method = {
  requestStream: false,
  requestSerialize: serialize,
  requestDeserialize: deserialize,
  responseSerialize: serialize,
  responseDeserialize: deserialize,
} as const;

/** In the place of what is made from a .proto file: texts there and back. */
export const greeter = {
  hello: { ...method, path: '/shop.Greeter/Hello', responseStream: false },
  count: { ...method, path: '/shop.Greeter/Count', responseStream: true },
} as const;

export const GreeterClient = makeGenericClientConstructor(greeter, 'Greeter');
