import type { ServiceDefinition } from '@grpc/grpc-js';

const serialize = (text: string) => Buffer.from(text);
const deserialize = (bytes: Buffer) => bytes.toString();

/** A service of gRPC without a .proto: its messages are texts. */
export const prices: ServiceDefinition = {
  get: {
    ...{ path: '/shop.Prices/Get', requestStream: false, responseStream: false },
    ...{ requestSerialize: serialize, requestDeserialize: deserialize },
    ...{ responseSerialize: serialize, responseDeserialize: deserialize },
  },
};
export const priceText = { serialize, deserialize };
