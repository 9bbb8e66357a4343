import axios from 'axios';
import { createMeshAxios } from '../../src/http/index.ts';

/** An instance of axios. The sidecar is the proxy of a mesh: `proxy: false` keeps axios from one that the environment names. */
export const meshAxios = () => createMeshAxios(axios, {}, { proxy: false });
