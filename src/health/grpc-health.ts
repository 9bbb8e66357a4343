import { checkResponse, MalformedMessageError, serviceOf, unframe } from './grpc-messages.ts';
import type { HealthEndpoint, HealthReport } from './report.ts';

/** What is answered under each name of a service. Kubernetes' own documentation tells probes apart by such names. */
export const grpcServices: Readonly<Record<string, HealthEndpoint>> = {
  '': 'readyz',
  readiness: 'readyz',
  liveness: 'livez',
  startup: 'startupz',
};

/** The codes of gRPC that occur here. */
export const grpcStatus = { ok: 0, notFound: 5, resourceExhausted: 8, unimplemented: 12, internal: 13 } as const;

export interface GrpcReply {
  readonly status: (typeof grpcStatus)[keyof typeof grpcStatus];
  /** For people, where the call failed. */
  readonly message?: string;
  /** The response with its prefix, where the call did not fail. */
  readonly response?: Uint8Array;
}

const path = '/grpc.health.v1.Health/Check';

/** Why a call fails whatever its body is. Known before the body, which may never end. */
export function refuseGrpcCall(called: string, encoding: string): GrpcReply | undefined {
  const unimplemented = (message: string) => ({ status: grpcStatus.unimplemented, message });
  if (called !== path) return unimplemented(`this port answers ${path.slice(1)} only`);
  return encoding === 'identity' ? undefined : unimplemented('compressed messages are not read here');
}

/** Answers a call of `Check`. */
export async function answerGrpcCheck(
  body: Uint8Array,
  ask: (endpoint: HealthEndpoint) => Promise<HealthReport> | HealthReport,
): Promise<GrpcReply> {
  const service = readService(body);
  if (service instanceof MalformedMessageError) return { status: grpcStatus.internal, message: service.message };
  const endpoint = Object.hasOwn(grpcServices, service) ? grpcServices[service] : undefined;
  if (endpoint === undefined) {
    const known = Object.keys(grpcServices)
      .map((name) => JSON.stringify(name))
      .join(', ');
    const message = `there is no service ${JSON.stringify(service.slice(0, 100))} here, but ${known}`;
    return { status: grpcStatus.notFound, message };
  }
  return { status: grpcStatus.ok, response: checkResponse((await ask(endpoint)).ok) };
}

function readService(body: Uint8Array): string | MalformedMessageError {
  try {
    return serviceOf(unframe(body));
  } catch (error) {
    if (error instanceof MalformedMessageError) return error;
    throw error;
  }
}

/** A message as gRPC's header field has it: visible ASCII, all else percent-encoded as UTF-8. */
export function encodeGrpcMessage(message: string): string {
  const bytes = new TextEncoder().encode(message);
  return [...bytes].map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : encoded(byte))).join('');
}

const isPlain = (byte: number): boolean => byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
const encoded = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
