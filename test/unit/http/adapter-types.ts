// Types of the adapters, held by `npm run types`; nothing here runs. The app's own client comes in and goes out.
import { Client, credentials, type Interceptor } from '@grpc/grpc-js';
import axios, { type AxiosInstance } from 'axios';
import axios0, { type AxiosInstance as AxiosInstance0 } from 'axios0';
import got, { type Got } from 'got';
import got14, { type Got as Got14 } from 'got14';
import ky, { type KyInstance } from 'ky';
import ky1, { type KyInstance as KyInstance1 } from 'ky1';
import { expectTypeOf } from 'vitest';
import { createMeshAxios, createMeshGot, createMeshInterceptor, createMeshKy } from '../../../src/index.ts';

expectTypeOf(createMeshGot(got)).toEqualTypeOf<Got>();
expectTypeOf(createMeshGot(got14, { trustSidecar: 'off' })).toEqualTypeOf<Got14>();
expectTypeOf(createMeshKy(ky)).toEqualTypeOf<KyInstance>();
expectTypeOf(createMeshKy(ky1, { failedReplies: 'throw' })).toEqualTypeOf<KyInstance1>();
expectTypeOf(createMeshAxios(axios)).toEqualTypeOf<AxiosInstance>();
expectTypeOf(createMeshAxios(axios0.default, {}, { baseURL: 'http://orders' })).toEqualTypeOf<AxiosInstance0>();
// @ts-expect-error: no such setting of axios
createMeshAxios(axios, {}, { baseUrl: 'http://orders' });
// @ts-expect-error: an attempt takes as long as got's own limit says
createMeshGot(got, { attemptTimeoutMs: 5 });

const interceptor: Interceptor = createMeshInterceptor();
export const client = new Client('orders:50051', credentials.createInsecure(), {
  interceptors: [interceptor, createMeshInterceptor({}, () => true)],
});
