import ky, { HTTPError, type KyInstance } from 'ky';
import { isSafeToRetry } from '../../src/http/index.ts';

/** ky, with this library's rules in place of its own lists. */
export function meshKy(): KyInstance {
  return ky.extend({
    retry: {
      limit: 5,
      methods: ['get', 'head', 'options', 'trace', 'put', 'delete', 'post', 'patch'],
      statusCodes: [429, 502, 503, 504],
      // Without it ky waits for as long as a server's Retry-After says.
      maxRetryAfter: 10_000,
      jitter: true,
      shouldRetry: async ({ error }) => {
        if (!(error instanceof HTTPError)) return undefined;
        const { request, response } = error;
        const body = await response.clone().text();
        return isSafeToRetry({ status: response.status, headers: response.headers, body }, request);
      },
    },
    hooks: {
      beforeRequest: [
        // An error of fetch does not tell whether a redirect came before it: then a POST that was answered would be repeated.
        (request) =>
          ['POST', 'PATCH'].includes(request.method) ? new Request(request, { redirect: 'manual' }) : undefined,
      ],
      beforeRetry: [
        // ky repeats every network error of a method in the list; this is where it can be told not to.
        ({ request, error }) => {
          if (error instanceof HTTPError) return;
          if (!isSafeToRetry(error, request)) throw error;
        },
      ],
    },
  });
}
