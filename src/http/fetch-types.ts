import type { Dispatcher, BodyInit as UndiciBody, Request as UndiciRequest } from 'undici';

/** A dispatcher of this library's undici, or of the one that the types of Node's own `fetch` describe. */
export type AnyDispatcher = Dispatcher | NodeDispatcher<never>;

/** What Node's own `fetch` takes for a dispatcher: of the version of undici in that Node. `Absent` where the types know of none, as with those of the DOM. */
export type NodeDispatcher<Absent> = RequestInit extends { dispatcher?: infer D }
  ? unknown extends D
    ? Absent
    : Exclude<D, undefined>
  : Absent;

/** What is asked: an address, or a Request of Node's or of undici's. */
export type FetchInput = string | URL | Request | UndiciRequest;

/** A body of Node's or of undici's `fetch`, an async iterable or a Node stream. */
export type FetchBody = RequestInit['body'] | UndiciBody | AsyncIterable<Uint8Array | string>;
