import * as accepted from '../../shared/accepted.ts';
import { assertArgument, createOptionReader, type OptionTable } from '../../shared/option-table.ts';
import { fetchOptionTable } from '../client-option-tables.ts';
import type { MeshFetchInit } from '../fetch-request.ts';
import { createMeshFetch, type MeshFetchOptions } from '../mesh-fetch.ts';
import { isForm, isRepeatable } from '../request-body.ts';
import { canExtend } from './can-extend.ts';

const readOptions = createOptionReader<MeshFetchOptions>(fetchOptionTable as OptionTable<MeshFetchOptions>);

const instance = accepted.that('ky, or an instance of it', canExtend);

type KyFetch = (request: Request, init?: MeshFetchInit) => Promise<Response>;

/** What ky 2 gives its hooks in one object; ky 1 gives the request, and then the options. */
interface KyState {
  readonly request: Request;
  readonly options: { readonly body?: unknown };
}

/**
 * Makes an instance of ky whose requests are made, and repeated, by `meshFetch`: with the whole of this library's rules, since it knows what
 * was really sent. ky's own retries are off, and with them its option `retry` and its `beforeRetry` hooks; its `timeout` is the limit of
 * all attempts together. A network failure surfaces as this library's error.
 *
 * @param ky the app's own, or an instance of it; ky 1 and later
 * @throws MeshOptionError for a wrong option
 */
export function createMeshKy<Ky extends { extend(options: never): unknown }>(ky: Ky, options?: MeshFetchOptions): Ky {
  assertArgument('createMeshKy', 'ky', instance, ky);
  const meshFetch = createMeshFetch(readOptions('createMeshKy', options));
  const repeatable = new WeakSet<Request>();
  const beforeRequest = (given: KyState | Request, ky1Options?: KyState['options']) => {
    const { request, options } = 'options' in given ? given : { request: given, options: ky1Options };
    if (isRepeatable(options?.body) || isForm(options?.body)) repeatable.add(request);
  };
  const fetch: KyFetch = async (request, { dispatcher, idempotent, meshRetry } = {}) => {
    const own = { dispatcher, idempotent, meshRetry };
    // In a Request each body is a stream. Those that were none are made whole again, so that they can be sent twice.
    const isWhole = request.body !== null && repeatable.has(request);
    return meshFetch(request, isWhole ? { ...own, body: await request.arrayBuffer() } : own);
  };
  return ky.extend({ fetch, retry: 0, hooks: { beforeRequest: [beforeRequest] } } as never) as Ky;
}
