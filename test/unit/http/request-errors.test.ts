import { describe, expect, test } from 'vitest';
import {
  type GivenUpRequest,
  httpErrorCodes,
  MeshAttemptTimeoutError,
  MeshDeadlineError,
  MeshInterruptedError,
  MeshReplyError,
  MeshRequestError,
  MeshUnreachableError,
} from '../../../src/http/request-errors.ts';
import { classifyReply } from '../../../src/mesh/replies/envoy-reply.ts';
import { MeshOptionError } from '../../../src/shared/mesh-option-error.ts';

const request: GivenUpRequest = {
  method: 'PUT',
  url: 'http://orders.test/a',
  attempts: 3,
  elapsedMs: 1_250,
  neverSent: false,
  gaveUp: 'retries used up',
  firstCause: 'ECONNREFUSED',
  classification: undefined,
};
const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
const reply = { status: 503, headers: { a: '1' }, body: 'busy' };

const errors = (): Record<string, Error & { readonly code: string }> => ({
  MESH_UNREACHABLE: new MeshUnreachableError(request, cause),
  MESH_INTERRUPTED: new MeshInterruptedError(request, cause),
  MESH_DEADLINE: new MeshDeadlineError(request, 2_000, cause),
  MESH_REPLY: new MeshReplyError(request, reply),
  MESH_ATTEMPT_TIMEOUT: new MeshAttemptTimeoutError(500),
  MESH_OPTION: new MeshOptionError('meshFetch', { at: 'deadlineMs', value: 1, accepts: 'more' }),
});

test.each(httpErrorCodes.map((row) => [row.code, row] as const))('%s is the code of its class', (code, row) => {
  expect(errors()[code]).toMatchObject({ code, name: row.error });
});

describe('an error that ends a request', () => {
  test.each([
    ['MESH_UNREACHABLE', 'was never sent'],
    ['MESH_INTERRUPTED', 'was sent, but its reply was lost'],
    ['MESH_DEADLINE', 'got no final reply within its deadline of 2000 ms'],
  ])('%s tells what, how often, how long, why no more, and the cause', (code, what) => {
    const error = errors()[code] as MeshRequestError;
    expect(error).toBeInstanceOf(MeshRequestError);
    expect(error.message).toBe(
      `PUT http://orders.test/a ${what} (3 attempts in 1.3 s, retries used up): read ECONNRESET`,
    );
    expect(error).toMatchObject({ ...request, cause });
  });

  test('of one attempt', () => {
    expect(new MeshInterruptedError({ ...request, attempts: 1 }, cause).message).toContain('(1 attempt in');
  });

  test('tells what a classified reply means instead of its cause', () => {
    const classification = classifyReply({ status: 404, headers: { server: 'envoy' }, body: '' });
    const error = new MeshInterruptedError({ ...request, classification }, cause);
    expect(error.message).toMatch(/: No route: add a ServiceEntry or check the Host header\.$/);
    expect(error.classification).toBe(classification);
  });
});

test('a failed reply has what came, and the first error as its cause where there was one', () => {
  expect(errors().MESH_REPLY).toMatchObject({ ...reply, ...request });
  expect(errors().MESH_REPLY?.message).toContain('failed with 503');
  expect(errors().MESH_REPLY?.cause).toBeUndefined();
  expect(new MeshReplyError({ ...request, firstCause: cause }, reply).cause).toBe(cause);
});

test('the time limit of one attempt', () => {
  expect(errors().MESH_ATTEMPT_TIMEOUT?.message).toBe('no reply within the time limit of one attempt, 500 ms');
});
