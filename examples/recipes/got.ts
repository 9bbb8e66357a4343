import got from 'got';
import { createMeshGot } from '../../src/http/index.ts';

/** An instance of got: `client.get(url)`, `client.post(url, { json: order })`. */
export const meshGot = () => createMeshGot(got);
