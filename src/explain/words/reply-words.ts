import type { Processed, RetryAdvice } from '../../mesh/replies/retry-advice.ts';

const processedWords: Readonly<Record<Processed, string>> = {
  no: 'it did not reach the app',
  'no-by-istio-default-policy': "with Istio's default retry policy it did not reach the app",
  maybe: 'it may have reached the app',
  yes: 'it reached the app',
};

const retryWords: Readonly<Record<RetryAdvice, string>> = {
  'any-method': 'yes, any method',
  'short-wait': 'yes, any method, but only a few times',
  idempotent: 'if the request is idempotent',
  'idempotent-once': 'once, if the request is idempotent',
  'after-retry-after': 'after the time of the Retry-After header, if there is one',
  never: 'no',
};

/** Whether to repeat a request, for people. */
export function describeProcessed(processed: Processed, retry: RetryAdvice): string {
  return `${retryWords[retry]} (${processedWords[processed]})`;
}
