/** What a check saw, in one phrase: `postgres://db:5432 answers SSLRequest with N (no TLS)`. */
export interface EndpointProof {
  readonly proof: string;
}
