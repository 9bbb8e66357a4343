/** A gRPC failure read back as the HTTP reply that it was made from. */
interface GrpcFailure {
  readonly status: number;
  readonly body: string;
}

// Envoy turns its local replies to gRPC requests into HTTP 200 with these codes; the reverse is as close as the many-to-one table lets us come.
const httpStatus: ReadonlyMap<string, number> = new Map([
  ['4', 504], // DEADLINE_EXCEEDED
  ['7', 403], // PERMISSION_DENIED
  ['8', 429], // RESOURCE_EXHAUSTED
  ['12', 404], // UNIMPLEMENTED
  ['13', 400], // INTERNAL
  ['14', 503], // UNAVAILABLE
  ['16', 401], // UNAUTHENTICATED
]);

/** Reads `grpc-status` and `grpc-message` of a reply that consists of headers only; undefined when it is no such failure. */
export function grpcFailure(status: number, header: (name: string) => string | undefined): GrpcFailure | undefined {
  const code = header('grpc-status');
  if (status !== 200 || code === undefined || code === '0') return undefined;
  return { status: httpStatus.get(code) ?? 500, body: percentDecoded(header('grpc-message') ?? '') };
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded after all: a server that does not follow the protocol still deserves to be read.
    return text;
  }
}
