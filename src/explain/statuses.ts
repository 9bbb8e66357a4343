/** What a status says in a mesh, without anything else: what it may mean, and the flags that would tell more. */
export const statuses: ReadonlyMap<number, { readonly meaning: string; readonly flags: readonly string[] }> = new Map([
  [400, { meaning: 'The request was malformed, or TLS reached a port that is declared as HTTP.', flags: ['DPE'] }],
  [
    401,
    { meaning: 'A RequestAuthentication refused the token (JWT): malformed, expired or of another issuer.', flags: [] },
  ],
  [
    403,
    { meaning: 'An AuthorizationPolicy denied it ("RBAC: access denied"), or the application did.', flags: ['UAEX'] },
  ],
  [
    404,
    {
      meaning:
        'The sidecar has no route for the Host header and path (empty body), or the application has no such page.',
      flags: ['NR'],
    },
  ],
  [408, { meaning: 'Nothing was sent for too long.', flags: ['SI', 'UMSDR'] }],
  [
    426,
    {
      meaning: 'The client spoke HTTP/1.0, which Envoy refuses: usually an nginx without "proxy_http_version 1.1".',
      flags: ['DPE'],
    },
  ],
  [429, { meaning: 'A rate limit of the mesh or of the application refused it.', flags: ['RL'] }],
  [431, { meaning: "The headers are larger than 60 KiB, which is Envoy's limit.", flags: ['DPE'] }],
  [
    500,
    {
      meaning: 'The application failed; with an empty body, the route of the sidecar may point nowhere.',
      flags: ['NC'],
    },
  ],
  [
    502,
    {
      meaning:
        'The port speaks another protocol than it declares ("protocol error"); with an empty body, REGISTRY_ONLY does not know the host.',
      flags: ['UPE'],
    },
  ],
  [
    503,
    {
      meaning: 'The sidecar got no answer from the service: the body or the flag says why.',
      flags: ['UF', 'UH', 'UC', 'UO', 'NC'],
    },
  ],
  [504, { meaning: 'The service did not answer within the timeout of the route.', flags: ['UT', 'UMSDR'] }],
]);
