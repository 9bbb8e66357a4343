import got, { type Got } from 'got';
import { isSafeToRetry } from '../../src/http/index.ts';

/** got, with this library's rules in place of its own lists. */
export function meshGot(): Got {
  return got.extend({
    retry: {
      limit: 5,
      // got's lists decide first: all methods and the statuses and codes that can be safe go through, the function below decides.
      methods: ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'POST'],
      statusCodes: [429, 502, 503, 504],
      errorCodes: ['ECONNREFUSED', 'EAI_AGAIN', 'ENOTFOUND', 'ETIMEDOUT', 'ECONNRESET', 'EPIPE', 'ENETUNREACH'],
      // Without it got waits for as long as a server's Retry-After says.
      maxRetryAfter: 10_000,
      calculateDelay: ({ error, computedValue }) => {
        const { method, url, headers, isStream } = error.options;
        if (isStream) return 0; // a stream can be sent once
        const request = { method, url: String(url ?? ''), headers: headers as Record<string, string | undefined> };
        const failure = error.response ?? error;
        return computedValue > 0 && isSafeToRetry(failure, request)
          ? Math.random() * Math.min(computedValue, 2_000)
          : 0;
      },
    },
  });
}
