import { describe, expect, test } from 'vitest';
import { classifyReply, type ReplyClassification } from '../../../../src/mesh/replies/envoy-reply.ts';
import * as localReplies from '../../../../src/mesh/replies/local-replies.ts';
import { describeResponseFlag } from '../../../../src/mesh/replies/response-flags.ts';

const prefix = 'upstream connect error or disconnect/reset before headers';

function own(body: string | undefined, status = 503, headers: Record<string, string> = {}): ReplyClassification {
  return classifyReply({ status, headers: { server: 'envoy', ...headers }, body });
}

describe('a reset', () => {
  test('without a reason', () => {
    for (const body of [prefix, `${prefix}. retried and the latest`]) {
      expect(own(body)).toEqual({
        madeBy: 'own-sidecar',
        flag: undefined,
        reason: undefined,
        processed: 'maybe',
        retry: 'idempotent',
        message: 'The sidecar lost the request before it was answered (no reason given).',
      });
    }
  });

  test('with a reason that no table has', () => {
    expect(own(`${prefix}. reset reason: something new`).message).toBe(
      'The sidecar lost the request before it was answered (something new).',
    );
    const reason = 'a reason that is long enough to end with TLS_error';
    expect(own(`${prefix}. reset reason: ${reason}`)).toMatchObject({ flag: undefined, reason, retry: 'idempotent' });
    const empty = `${prefix}. reset reason: , transport failure reason: something new`;
    expect(own(empty).message).toBe('The sidecar lost the request before it was answered (no reason given).');
  });

  test.each([
    ['. ', 'no'],
    ['', 'no'],
    ['. retried and the latest ', 'no-by-istio-default-policy'],
  ])('what stands between ("%s") says whether the sidecar has retried', (between, processed) => {
    expect(own(`${prefix}${between}reset reason: remote connection failure`)).toMatchObject({
      flag: 'UF',
      reason: 'remote connection failure',
      processed,
    });
  });

  test('what has been processed stays so after retries', () => {
    expect(own(`${prefix}. retried and the latest reset reason: remote reset`).processed).toBe('yes');
  });

  test('the words of the reason do not say that the sidecar has retried', () => {
    const body = `${prefix}. reset reason: overflow, transport failure reason: retried and the latest`;
    expect(own(body)).toMatchObject({ flag: 'UO', processed: 'no' });
  });

  test('with a transport failure, which is shown', () => {
    const reason = 'remote connection failure, transport failure reason: delayed connect error: 111';
    expect(own(`${prefix}. reset reason: ${reason}`)).toMatchObject({ flag: 'UF', reason, retry: 'any-method' });
  });

  test('with a TLS failure', () => {
    for (const before of ['remote connection failure', '']) {
      const reason = `${before}, transport failure reason: TLS_error:|268435581`;
      expect(own(`${prefix}. reset reason: ${reason}`)).toEqual({
        madeBy: 'own-sidecar',
        flag: 'UF',
        reason,
        processed: 'no',
        retry: 'never',
        message: expect.stringMatching(/^The TLS handshake with the service failed \(TLS_error:\|268435581\)/),
      });
    }
  });

  test('of an overloaded proxy is one of overload, whatever its reason', () => {
    const headers = { 'x-envoy-overloaded': 'true' };
    expect(own(`${prefix}. reset reason: connection termination`, 503, headers)).toMatchObject({
      flag: 'UO',
      reason: 'connection termination',
      retry: 'never',
    });
    expect(own(prefix, 503, headers)).toMatchObject({ flag: 'UO', reason: undefined });
  });
});

describe('a limit', () => {
  test.each<[string, string, string | undefined]>([
    ['x-envoy-ratelimited', 'RL', 'too many'],
    ['x-envoy-ratelimited', 'RL', undefined],
    ['x-envoy-overloaded', 'UO', 'too much'],
    ['x-envoy-overloaded', 'UO', undefined],
  ])('told by %s is %s, with the words "%s"', (header, flag, text) => {
    expect(own(text, 429, { [header]: 'true' })).toMatchObject({ madeBy: 'own-sidecar', flag, reason: text });
    expect(own('', 429, { [header]: 'true' }).reason).toBeUndefined();
  });
});

describe("the count of the sidecar's tries", () => {
  test('proves something of a missing endpoint alone', () => {
    const once = { 'x-envoy-attempt-count': '1' };
    expect(own('no healthy upstream', 503, once).processed).toBe('no');
    expect(own('upstream request timeout', 504, once).processed).toBe('yes');
    expect(own('no healthy upstream', 503, { 'x-envoy-attempt-count': '2' }).processed).toBe(
      'no-by-istio-default-policy',
    );
  });

  test('proves nothing where the reply came from further on', () => {
    const headers = { 'x-envoy-attempt-count': '1', 'x-envoy-upstream-service-time': '3' };
    expect(own('no healthy upstream', 503, headers)).toMatchObject({ madeBy: 'remote-sidecar', processed: 'maybe' });
  });
});

describe('words that count with their status only', () => {
  test.each<[number, string, boolean]>([
    [401, 'Jwt is missing', true],
    [403, 'Jwks remote fetch is failed', true],
    [403, 'Audiences in Jwt are not allowed', true],
    [404, 'Jwt is missing', false],
    [401, 'who are you?', false],
    [403, 'no Jwt ', false],
    [400, 'Bad Request', true],
    [400, 'bad arguments', false],
    [500, 'Bad Request', false],
  ])('%i %s: %s', (status, body, recognised) => {
    const { madeBy, reason, retry } = own(body, status);
    expect({ madeBy, reason, retry }).toEqual(
      recognised
        ? { madeBy: 'own-sidecar', reason: body, retry: 'never' }
        : { madeBy: 'unknown', reason: undefined, retry: 'never' },
    );
  });
});

describe('an empty reply of the nearest Envoy', () => {
  test.each<[number, string | undefined, RegExp]>([
    [400, 'DPE', /could not read the request/],
    [404, 'NR', /^No route/],
    [426, 'DPE', /HTTP\/1\.0/],
    [500, 'NC', /cluster/],
    [502, undefined, /REGISTRY_ONLY/],
    [503, 'NC', /cluster/],
  ])('with %i means %s', (status, flag, message) => {
    const reply = own('', status);
    expect(reply).toMatchObject({ madeBy: 'own-sidecar', flag, reason: undefined, processed: 'no' });
    expect(reply.message).toMatch(message);
  });

  test.each([401, 403, 418, 429, 504])('with %i means nothing', (status) => {
    expect(own('', status)).toMatchObject({ madeBy: 'unknown', flag: undefined });
  });

  test('is not one whose length says otherwise, as that to HEAD', () => {
    expect(own('', 404, { 'content-length': '9' })).toMatchObject({ madeBy: 'unknown', flag: undefined });
    expect(own('', 404, { 'content-length': '0' })).toMatchObject({ madeBy: 'own-sidecar', flag: 'NR' });
  });
});

describe('who cannot be proven', () => {
  const close = { connection: 'Close' };

  test('what overtakes its request is weakened, but for a malformed one', () => {
    expect(own('no healthy upstream', 503, close)).toMatchObject({
      madeBy: 'unknown',
      processed: 'maybe',
      retry: 'idempotent',
    });
    expect(own('', 503, close)).toMatchObject({
      madeBy: 'unknown',
      flag: 'NC',
      processed: 'maybe',
      retry: 'idempotent',
    });
    expect(own('', 400, close)).toMatchObject({ madeBy: 'own-sidecar', flag: 'DPE' });
    expect(own('no healthy upstream', 503, { connection: 'keep-alive' }).madeBy).toBe('own-sidecar');
    expect(own('no healthy upstream', 503, close).message).toMatch(/\(nothing proves which proxy says so\)$/);
  });

  test.each<[string, string]>([
    ['envoy', 'remote-sidecar'],
    ['istio-envoy', 'remote-sidecar'],
    ['nginx', 'unknown'],
  ])('what came from further on, through %s, is of %s', (server, madeBy) => {
    const headers = { server, 'x-envoy-upstream-service-time': '1' };
    const reply = classifyReply({ status: 504, headers, body: 'upstream request timeout' });
    expect(reply).toMatchObject({ madeBy, flag: 'UT', processed: 'yes', retry: 'idempotent' });
    expect(reply.message).toMatch(
      /\(according to the sidecar of the service, or an application that copies its words\)$/,
    );
  });

  test('what is forbidden further on is forbidden', () => {
    const headers = { server: 'envoy', 'x-envoy-upstream-service-time': '1' };
    expect(classifyReply({ status: 403, headers, body: 'RBAC: access denied' })).toMatchObject({
      madeBy: 'remote-sidecar',
      processed: 'maybe',
      retry: 'never',
    });
  });
});

describe('a reply in which nothing is of Envoy', () => {
  test.each<[number, Record<string, string>, Partial<ReplyClassification>]>([
    [200, {}, { madeBy: 'app', processed: 'yes', retry: 'never' }],
    [404, {}, { madeBy: 'app', processed: 'yes', retry: 'never' }],
    [499, {}, { madeBy: 'app', processed: 'yes', retry: 'never' }],
    [500, {}, { madeBy: 'app', processed: 'maybe', retry: 'never' }],
    [429, {}, { madeBy: 'app', processed: 'maybe', retry: 'idempotent' }],
    [502, {}, { madeBy: 'app', processed: 'maybe', retry: 'idempotent' }],
    [404, { server: 'envoy' }, { madeBy: 'unknown', processed: 'maybe', retry: 'never' }],
    [404, { server: 'istio-envoy' }, { madeBy: 'unknown', processed: 'maybe', retry: 'never' }],
    [404, { server: 'envoy', 'x-envoy-upstream-service-time': '1' }, { madeBy: 'app', processed: 'yes' }],
  ])('%i %j', (status, headers, expected) => {
    expect(classifyReply({ status, headers, body: 'x' })).toMatchObject({
      flag: undefined,
      reason: undefined,
      ...expected,
    });
  });

  test('names whom it can be from, and whether the fault may be temporary', () => {
    const say = (status: number, server = 'nginx') => classifyReply({ status, headers: { server }, body: 'x' }).message;
    expect(say(503)).toBe('The application answered 503, which may be temporary.');
    expect(say(500)).toBe('The application answered 500, and will do so again for the same request.');
    expect(say(503, 'envoy')).toBe('The application or a proxy answered 503, which may be temporary.');
  });
});

describe('gRPC', () => {
  const grpc = (code: string, message?: string, more: Record<string, string> = {}) =>
    classifyReply({
      status: 200,
      headers: {
        server: 'envoy',
        'grpc-status': code,
        ...(message !== undefined && { 'grpc-message': message }),
        ...more,
      },
    });

  test('each code is the status that it was made from', () => {
    expect(grpc('12', '', { 'content-length': '7' })).toMatchObject({ flag: 'NR' });
    expect(grpc('13')).toMatchObject({ flag: 'DPE' });
    expect(grpc('14')).toMatchObject({ flag: 'NC' });
    expect(grpc('16', 'Jwt is missing')).toMatchObject({ madeBy: 'own-sidecar', retry: 'never' });
    expect(grpc('7', 'Jwt is missing')).toMatchObject({ madeBy: 'own-sidecar', retry: 'never' });
    expect(grpc('8', 'x')).toMatchObject({ madeBy: 'unknown', retry: 'idempotent' });
    expect(grpc('4', 'x')).toMatchObject({ madeBy: 'unknown', retry: 'idempotent' });
  });

  test('a code of an application is a 500', () => {
    expect(grpc('2', 'oops')).toMatchObject({ madeBy: 'unknown', retry: 'never' });
    expect(grpc('2')).toMatchObject({ flag: 'NC' });
  });

  test('the message is read as it is where it is not encoded', () => {
    expect(grpc('14', 'local_rate_limited%')).toMatchObject({ flag: undefined });
    expect(grpc('14', 'local%5Frate%5Flimited')).toMatchObject({ flag: 'RL', reason: 'local_rate_limited' });
    const odd = `${prefix}. reset reason: 100% new`;
    expect(grpc('14', odd).reason).toBe('100% new');
  });

  test('is nothing in a reply that has failed as HTTP, or has not failed', () => {
    const headers = { server: 'envoy', 'grpc-status': '14', 'grpc-message': 'no healthy upstream' };
    expect(classifyReply({ status: 404, headers, body: 'x' })).toMatchObject({ flag: undefined });
    expect(grpc('0', 'no healthy upstream')).toMatchObject({ flag: undefined });
  });
});

test('every flag that a reply can show is one that the access log knows', () => {
  const { reasonTexts, replyTexts, ...rows } = localReplies;
  const meanings = [...reasonTexts.values(), ...replyTexts.values(), ...Object.values(rows)];
  const flags = new Set(meanings.map(([flag]) => flag).filter((flag) => flag !== undefined));
  expect(flags.size).toBeGreaterThan(10);
  for (const flag of flags) expect(describeResponseFlag(flag).longName, flag).not.toBe(flag);
});
