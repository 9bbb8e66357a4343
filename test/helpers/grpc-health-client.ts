import { type Client, credentials, loadPackageDefinition, type ServiceError } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

/** The protocol that is public as grpc.health.v1. */
const definition = fromJSON({
  nested: {
    'grpc.health.v1': {
      nested: {
        HealthCheckRequest: { fields: { service: { type: 'string', id: 1 } } },
        HealthCheckResponse: {
          fields: { status: { type: 'ServingStatus', id: 1 } },
          nested: { ServingStatus: { values: { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } } },
        },
        Health: {
          methods: {
            Check: { requestType: 'HealthCheckRequest', responseType: 'HealthCheckResponse' },
            Watch: { requestType: 'HealthCheckRequest', responseType: 'HealthCheckResponse', responseStream: true },
          },
        },
      },
    },
  },
} as never);

interface HealthClient extends Client {
  Check(request: object, done: (error: ServiceError | null, reply?: { status: number }) => void): void;
  Watch(request: object): NodeJS.EventEmitter;
}

const { grpc } = loadPackageDefinition(definition) as unknown as {
  grpc: { health: { v1: { Health: new (address: string, credential: object, options?: object) => HealthClient } } };
};

/** A real client of grpc-js, with a connection of its own. */
export function connectGrpcHealth(port: number, options: object = {}): HealthClient {
  return new grpc.health.v1.Health(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    ...options,
  });
}

const names = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];

/** The status that the server gives a service, as a kubelet asks for it; or the code of the failed call. */
export async function checkGrpcHealth(port: number, service?: string): Promise<string | number> {
  const client = connectGrpcHealth(port);
  try {
    return await new Promise((resolve) => {
      client.Check(service === undefined ? {} : { service }, (error, reply) =>
        resolve(error?.code ?? names[reply?.status ?? 0] ?? ''),
      );
    });
  } finally {
    client.close();
  }
}
