import { describe, expect, test } from 'vitest';
import { classifyReply, type ReplyClassification } from '../../../../src/mesh/replies/envoy-reply.ts';
import { type RecordedReply, recordedReplies } from '../../../helpers/recorded-replies.ts';

type Expected = Partial<ReplyClassification>;

// What must be read from each recorded reply. Where Envoy itself had retried, `no` becomes `no-by-istio-default-policy`.
const ownReplies: Record<string, Expected> = {
  'UF refused': { flag: 'UF', processed: 'no', retry: 'any-method' },
  'UF refused POST': { flag: 'UF', processed: 'no', retry: 'any-method' },
  'UF connect timeout': { flag: 'UF', processed: 'no', retry: 'any-method' },
  'UF RST on accept': { flag: 'UC', processed: 'maybe', retry: 'idempotent' },
  'UF TLS handshake hangs': { flag: 'UF', processed: 'no', retry: 'any-method' },
  'UH no endpoints': { flag: 'UH', processed: 'no-by-istio-default-policy', retry: 'any-method' },
  UO: { flag: 'UO', processed: 'no', retry: 'never' },
  NC: { flag: 'NC', processed: 'no', retry: 'short-wait' },
  NR: { flag: 'NR', processed: 'no', retry: 'never' },
  'UC RST after read': { flag: 'UC', processed: 'maybe', retry: 'idempotent' },
  'UC FIN after read': { flag: 'UC', processed: 'maybe', retry: 'idempotent' },
  UT: { flag: 'UT', processed: 'yes', retry: 'idempotent' },
  UMSDR: { flag: 'UMSDR', processed: 'maybe', retry: 'idempotent' },
  'UPE h2 to h1 app': { flag: 'UPE', processed: 'yes', retry: 'idempotent-once' },
  'UR h2 INTERNAL_ERROR': { flag: 'UR', processed: 'yes', retry: 'idempotent' },
  'UR h2 REFUSED_STREAM': { flag: 'UR', processed: 'no', retry: 'any-method' },
  'h2 CANCEL': { flag: 'UR', processed: 'yes', retry: 'idempotent' },
  'h2 GOAWAY+close': { flag: 'UC', processed: 'maybe', retry: 'idempotent' },
  RBAC: { flag: undefined, processed: 'no', retry: 'never' },
  FI: { flag: 'FI', processed: 'no', retry: 'idempotent' },
  RL: { flag: 'RL', processed: 'no', retry: 'after-retry-after' },
  'REGISTRY_ONLY style 502': { flag: undefined, processed: 'no', retry: 'never' },
  '426 HTTP/1.0': { flag: 'DPE', processed: 'no', retry: 'never' },
  'no host': { flag: 'DPE', processed: 'no', retry: 'never' },
  'bad head': { flag: 'DPE', processed: 'no', retry: 'never' },
};

const others: Record<string, Expected> = {
  'app 200': { madeBy: 'app', retry: 'never', processed: 'yes' },
  'RL first': { madeBy: 'app', retry: 'never' },
  'pool warm-up': { madeBy: 'app', retry: 'never' },
  'app 503': { madeBy: 'app', flag: undefined, processed: 'maybe', retry: 'idempotent' },
  'app forges service time': { madeBy: 'app', flag: undefined, retry: 'idempotent' },
  'app 503 with copied UF text': { madeBy: 'remote-sidecar', processed: 'maybe', retry: 'idempotent' },
  'app 503, UF text, sends its own server: envoy': {
    madeBy: 'remote-sidecar',
    processed: 'maybe',
    retry: 'idempotent',
  },
  'relayed UF of the remote sidecar': {
    madeBy: 'remote-sidecar',
    flag: 'UF',
    processed: 'no-by-istio-default-policy',
    retry: 'any-method',
  },
  'relayed UC of the remote sidecar': { madeBy: 'remote-sidecar', flag: 'UC', processed: 'maybe', retry: 'idempotent' },
  // These three overtook their request: whoever made them, they prove nothing.
  'UF refused while the upload still streams': { madeBy: 'unknown', processed: 'maybe', retry: 'idempotent' },
  'relayed UF while the upload still streams': { madeBy: 'unknown', processed: 'maybe', retry: 'idempotent' },
  'early app 503 with UF text while the upload still streams': {
    madeBy: 'unknown',
    processed: 'maybe',
    retry: 'idempotent',
  },
  'UC with a half-sent body': { madeBy: 'unknown', flag: 'UC', processed: 'maybe', retry: 'idempotent' },
  'first try delivered then reset and port closed, policy custom': {
    madeBy: 'own-sidecar',
    processed: 'no-by-istio-default-policy',
  },
  'first try delivered then reset and port closed, policy istio': {
    madeBy: 'own-sidecar',
    flag: 'UC',
    processed: 'maybe',
  },
};

function expected(version: string, reply: RecordedReply): Expected | undefined {
  if (reply.method === 'HEAD') return { madeBy: 'unknown', processed: 'maybe', retry: 'idempotent' };
  if (reply.title === 'UF TLS to a plaintext app') {
    // 1.40 hides the transport's words, so the mismatch looks like a refused connection.
    return version === '1.36' ? { flag: 'UF', retry: 'never' } : { flag: 'UF', retry: 'any-method' };
  }
  const own = ownReplies[reply.title];
  if (own === undefined) return others[reply.title];
  const retried = reply.body.includes('retried and the latest') && own.processed === 'no';
  return { ...own, madeBy: 'own-sidecar', ...(retried ? { processed: 'no-by-istio-default-policy' as const } : {}) };
}

describe.each(['1.36', '1.40'] as const)('recorded from Envoy %s', (version) => {
  const replies = recordedReplies(version);

  test('the recording is complete', () => {
    expect(new Set(replies.map(({ title }) => title))).toEqual(
      new Set([...Object.keys(ownReplies), ...Object.keys(others), 'UF refused HEAD', 'UF TLS to a plaintext app']),
    );
  });

  test.each(replies.map((reply) => [`${reply.title}: ${reply.method} ${reply.path}`, reply] as const))(
    '%s',
    (_, reply) => {
      expect(classifyReply(reply)).toMatchObject(expected(version, reply) ?? { nobody: 'expects this' });
    },
  );

  test('an inferred flag is the one in the access log', () => {
    for (const reply of replies) {
      const { madeBy, flag } = classifyReply(reply);
      // Envoy logs no flag for the maximum stream duration and for a head that it cannot read.
      if (madeBy !== 'own-sidecar' || flag === undefined || flag === 'UMSDR' || flag === 'DPE') continue;
      expect(reply.flags, reply.title).toContain(flag);
    }
  });

  test('what is said to be processed by nobody was seen by no application', () => {
    for (const reply of replies) {
      const { processed } = classifyReply(reply);
      // A refused stream is seen by the server, which promises not to have acted on it.
      if (processed !== 'no' || reply.body.includes('refused stream')) continue;
      expect(reply.seenByApp, reply.title).toBe(0);
    }
  });
});

const own = { server: 'envoy' };
const ufReply = 'upstream connect error or disconnect/reset before headers. reset reason: connection failure';

test('older Envoys: connection failure, with or without the transport', () => {
  for (const body of [ufReply, `${ufReply}, transport failure reason: delayed connect error: 111`]) {
    expect(classifyReply({ status: 503, headers: own, body })).toMatchObject({
      madeBy: 'own-sidecar',
      flag: 'UF',
      processed: 'no',
    });
  }
});

test.each(['TLS_error:|268435581', 'WRONG_VERSION_NUMBER', 'CERTIFICATE_VERIFY_FAILED'])(
  '%s is never retried',
  (words) => {
    const reply = classifyReply({ status: 503, headers: own, body: `${ufReply}, transport failure reason: ${words}` });
    expect(reply).toMatchObject({ flag: 'UF', retry: 'never' });
    expect(reply.message).toContain('mutual TLS');
  },
);

test('a reason that is not in the table passes through, as maybe processed', () => {
  const body = 'upstream connect error or disconnect/reset before headers. reset reason: something new';
  expect(classifyReply({ status: 503, headers: own, body })).toMatchObject({
    flag: undefined,
    reason: 'something new',
    processed: 'maybe',
    retry: 'idempotent',
  });
});

test('an overloaded proxy is left alone, whoever it is', () => {
  for (const headers of [
    { ...own, 'x-envoy-overloaded': 'true' },
    { ...own, 'x-envoy-overloaded': 'true', 'x-envoy-upstream-service-time': '1' },
  ]) {
    expect(classifyReply({ status: 503, headers, body: 'whatever' }).retry).toBe('never');
  }
});

test('a rate limit is retried when Retry-After says when', () => {
  const headers = { ...own, 'x-envoy-ratelimited': 'true' };
  expect(classifyReply({ status: 429, headers, body: '' })).toMatchObject({ flag: 'RL', retry: 'after-retry-after' });
});

test.each([
  [401, 'Jwt is missing'],
  [401, 'Jwt is expired'],
  [403, 'Audiences in Jwt are not allowed'],
])('%i %s is never retried', (status, body) => {
  expect(classifyReply({ status, headers: own, body })).toMatchObject({
    madeBy: 'own-sidecar',
    retry: 'never',
    processed: 'no',
  });
});

test.each(['maintenance mode', 'drop overload', 'envoy overloaded'])('%s is left alone', (body) => {
  expect(classifyReply({ status: 503, headers: own, body })).toMatchObject({ retry: 'never', processed: 'no' });
});

test('the count of tries, where the mesh sends it, proves that a UH was the only one', () => {
  const headers = { ...own, 'x-envoy-attempt-count': '1' };
  const body = 'no healthy upstream';
  expect(classifyReply({ status: 503, headers, body }).processed).toBe('no');
  expect(classifyReply({ status: 503, headers: { ...headers, 'x-envoy-attempt-count': '2' }, body }).processed).toBe(
    'no-by-istio-default-policy',
  );
});

test('an empty reply is a missing route only when the nearest Envoy made it', () => {
  expect(classifyReply({ status: 404, headers: own, body: '' }).message).toBe(
    'No route: add a ServiceEntry or check the Host header.',
  );
  expect(
    classifyReply({ status: 404, headers: { ...own, 'x-envoy-upstream-service-time': '2' }, body: '' }),
  ).toMatchObject({
    madeBy: 'app',
    flag: undefined,
  });
  expect(classifyReply({ status: 404, headers: {}, body: '' })).toMatchObject({ madeBy: 'app', flag: undefined });
});

test('a body that was not read is not an empty one', () => {
  expect(classifyReply({ status: 404, headers: own })).toMatchObject({
    madeBy: 'unknown',
    flag: undefined,
    retry: 'never',
  });
});

test('without a sidecar, the words of a gateway prove nothing', () => {
  expect(classifyReply({ status: 503, headers: { server: 'istio-envoy' }, body: ufReply })).toMatchObject({
    madeBy: 'unknown',
    processed: 'maybe',
    retry: 'idempotent',
  });
});

test('500 is not retried', () => {
  expect(classifyReply({ status: 500, headers: {}, body: 'oops' })).toMatchObject({ madeBy: 'app', retry: 'never' });
});

test.each([429, 502, 503, 504])('%i of an application may pass', (status) => {
  expect(classifyReply({ status, headers: {}, body: '' }).retry).toBe('idempotent');
});

test('gRPC: the message is the body, percent-encoded', () => {
  const headers = {
    ...own,
    'content-type': 'application/grpc',
    'grpc-status': '14',
    'grpc-message': 'no%20healthy%20upstream',
  };
  expect(classifyReply({ status: 200, headers })).toMatchObject({ madeBy: 'own-sidecar', flag: 'UH' });
  expect(classifyReply({ status: 200, headers: { ...headers, 'grpc-status': '0' } })).toMatchObject({
    flag: undefined,
  });
  expect(classifyReply({ status: 200, headers: { ...headers, 'grpc-message': '%zz' } })).toMatchObject({
    flag: undefined,
  });
});

test('headers may be a Headers object, arrays, or in any case', () => {
  const body = 'no healthy upstream';
  for (const headers of [new Headers({ Server: 'envoy' }), { Server: 'envoy' }, { server: ['envoy'] }]) {
    expect(classifyReply({ status: 503, headers, body }).madeBy).toBe('own-sidecar');
  }
});
