import { Agent } from 'undici';
import {
  createMeshAgent,
  createMeshFetch,
  type MeshAgent,
  type MeshAgentOptions,
  type MeshFetch,
  type MeshFetchOptions,
} from '../../src/http/index.ts';
import type { Script } from './fault-server.ts';
import { serving } from './serving.ts';

/** Short pauses: these tests are about what is repeated, not about when. */
const pauses = { backoffBaseMs: 10, arrivalBaseMs: 5, arrivalCapMs: 20 };

/** Fault servers and clients that end with the test that made them. Call it at the top of a test file. */
export function httpClients() {
  const { serve, atEnd } = serving();
  return {
    serve,
    atEnd,
    agent(options: MeshAgentOptions = {}): MeshAgent {
      const made = createMeshAgent({ ...pauses, ...options });
      atEnd(() => made.destroy());
      return made;
    },
    /** `meshFetch` over an agent of its own. */
    fetcher(options: MeshFetchOptions = {}): MeshFetch {
      const dispatcher = new Agent();
      atEnd(() => dispatcher.destroy());
      return createMeshFetch({ ...pauses, dispatcher, ...options });
    },
  };
}

export const ok: Script = () => ({ do: 'reply' });

/** What the nearest Envoy says when its only try did not connect. */
export const ownUf = {
  do: 'reply',
  status: 503,
  headers: { server: 'envoy', 'content-type': 'text/plain' },
  body: 'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure',
} as const;
