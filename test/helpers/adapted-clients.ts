import { Readable } from 'node:stream';
import axios from 'axios';
import axios0 from 'axios0';
import got from 'got';
import got14 from 'got14';
import ky from 'ky';
import ky1 from 'ky1';
import {
  createMeshAxios,
  createMeshGot,
  createMeshKy,
  type MeshAdapterOptions,
  silentLogger,
} from '../../src/http/index.ts';

/** One request of a client, told as they all can tell it. */
export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer | URLSearchParams | FormData | Readable;
  readonly signal?: AbortSignal;
}

export interface AdaptedClient {
  /** The status, also of a reply that the client throws; everything else that it throws. */
  ask(url: string, asked: Asked): Promise<number>;
}

/** Short pauses: these tests are about what is repeated. */
const short = { backoffBaseMs: 5, arrivalBaseMs: 5, arrivalCapMs: 20, logger: silentLogger };

type Make = (options?: MeshAdapterOptions) => AdaptedClient;

const gotOf =
  (of: typeof got): Make =>
  (options) => {
    const client = createMeshGot(of, { ...short, ...options });
    return {
      ask: async (url, { body, ...asked }) =>
        (
          await client(url, {
            ...asked,
            ...(body === undefined ? {} : { body: body as string }),
            throwHttpErrors: true,
          }).catch(replyOf)
        ).statusCode,
    };
  };

const kyOf =
  (of: typeof ky): Make =>
  (options) => {
    const client = createMeshKy(of.extend({ timeout: false }), { ...short, ...options });
    const streamed = (body: Asked['body']) =>
      body instanceof Readable
        ? { body: Readable.toWeb(body) as ReadableStream, duplex: 'half' as const }
        : { body: body as string };
    return {
      ask: async (url, { body, ...asked }) =>
        (await client(url, { ...asked, ...(body === undefined ? {} : streamed(body)) }).catch(replyOf)).status,
    };
  };

const axiosOf =
  (of: typeof axios): Make =>
  (options) => {
    const client = createMeshAxios(of, { ...short, ...options }, { proxy: false });
    return {
      ask: async (url, { body, ...asked }) =>
        (await client.request({ ...asked, url, ...(body === undefined ? {} : { data: body }) }).catch(replyOf)).status,
    };
  };

function replyOf(error: Error & { readonly response?: never }): never {
  // got's errors of other kinds have the last reply, too.
  if (error.response === undefined || !/^(HTTPError|AxiosError|Error)$/.test(error.name)) throw error;
  return error.response;
}

/** Each client in its current major version and the one before. */
export const adaptedClients: readonly (readonly [name: string, make: Make])[] = [
  ['got 16', gotOf(got)],
  ['got 14', gotOf(got14 as unknown as typeof got)],
  ['ky 2', kyOf(ky)],
  ['ky 1', kyOf(ky1 as unknown as typeof ky)],
  ['axios 1', axiosOf(axios)],
  ['axios 0.30', axiosOf(axios0 as unknown as typeof axios)],
];
