import type { HttpHeaders } from '../mesh/replies/header-value.ts';
import * as accepted from '../shared/accepted.ts';
import { optionTable } from '../shared/option-table.ts';

/** What `isSafeToRetry` must know of a request; it may be any client's request that has these names. */
export const retryableRequestTable = optionTable<{
  readonly method: string;
  readonly url: string | URL | undefined;
  readonly idempotent: boolean | undefined;
  readonly headers: HttpHeaders | undefined;
  readonly bodySent: boolean;
  readonly redirected: boolean | undefined;
}>({
  method: { ...accepted.text, required: true, text: "The request's method, in any case." },
  url: {
    ...accepted.that('a string or a URL', (value) => typeof value === 'string' || value instanceof URL),
    default: undefined,
    defaultText: 'an address over plain http',
    text: "Where the request went. Over https the sidecar's word does not count: it cannot read the request.",
  },
  idempotent: {
    ...accepted.flag,
    default: undefined,
    defaultText: 'by the method and the idempotency key',
    text: 'Whether the request may be done twice.',
  },
  headers: {
    ...accepted.that(
      'an object of headers, or Headers',
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    ),
    default: undefined,
    text: "The request's headers.",
  },
  bodySent: {
    ...accepted.flag,
    default: true,
    text: "False when the reply came while the body was still being sent. Where it is true, Envoy's `connection: close` is believed.",
    reason: 'Most clients do not tell.',
  },
  redirected: {
    ...accepted.flag,
    default: undefined,
    defaultText: 'what a `Response`, or axios on Node, tells of itself',
    text: "True when the client may have followed a redirect before it failed: what is said of the last request is not said of the first, which has been answered. An error of `fetch` does not tell: let it not follow redirects of what must not be done twice (`redirect: 'manual'`).",
  },
});
