import ky from 'ky';
import { createMeshKy } from '../../src/http/index.ts';

/** An instance of ky: `client.get(url)`, `client.post(url, { json: order })`. The time limit is that of all attempts together. */
export const meshKy = () => createMeshKy(ky.extend({ timeout: 15_000 }));
