import type { Client } from '@grpc/grpc-js';
import { createMeshCall } from '../../src/http/index.ts';

/** Calls of one client: `call((done) => client.getUser(request, done), { idempotent: true })`. */
export const meshCall = (client: Client) => createMeshCall(client);
