import { markdownTable } from './markdown-table.ts';

export const undiciVersions = [6, 7, 8] as const;

/** What works with which major version of undici, Node's own or an app's. Each cell is tried by test/network/http/undici-versions.test.ts. */
export const undiciTable: Readonly<Record<string, readonly [of6: 'works', of7: 'works', of8: 'works']>> = {
  'its `request` and `stream`, with a mesh agent as `dispatcher`': ['works', 'works', 'works'],
  'its `fetch`, with a mesh agent as `dispatcher`': ['works', 'works', 'works'],
  'its `setGlobalDispatcher(createMeshAgent())`': ['works', 'works', 'works'],
  'its `Agent`, composed with `meshRetry()`': ['works', 'works', 'works'],
  'its `Agent`, `ProxyAgent` or `MockAgent` as `dispatcher` of `createMeshAgent`': ['works', 'works', 'works'],
  'the same as `dispatcher` of `createMeshFetch` or of one request': ['works', 'works', 'works'],
  'the same set by its `setGlobalDispatcher`, for `meshFetch` without a `dispatcher`': ['works', 'works', 'works'],
  'its `FormData`, `Request` and `Headers` in `meshFetch`': ['works', 'works', 'works'],
  'its `FormData` as body of `request` with a mesh agent of undici 8': ['works', 'works', 'works'],
};

export function undiciVersionsTable(): string {
  const rows = Object.entries(undiciTable).map(([what, cells]) => [what, ...cells]);
  return markdownTable(['of undici', ...undiciVersions.map(String)], rows);
}
