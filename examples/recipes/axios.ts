import axios, { type AxiosInstance } from 'axios';
import axiosRetry from 'axios-retry';
import { isSafeToRetry } from '../../src/http/index.ts';

/** axios with axios-retry, with this library's rules in place of its own lists. */
export function meshAxios(): AxiosInstance {
  const client = axios.create({ proxy: false });
  axiosRetry(client, {
    retries: 5,
    // Full jitter; axios-retry's own delay would wait for as long as a server's Retry-After says.
    retryDelay: (attempt) => Math.random() * Math.min(2_000, 250 * 2 ** (attempt - 1)),
    retryCondition: (error) => {
      const { method = 'get', headers } = error.config ?? {};
      const url = client.getUri(error.config);
      return isSafeToRetry(error, { method, url, headers: headers?.toJSON() as Record<string, string> });
    },
  });
  return client;
}
