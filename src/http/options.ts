import { type AllSet, createOptionReader } from '../shared/option-table.ts';
import type { MeshRetryOptions } from './mesh-retry-options.ts';
import { retryOptionTable } from './retry-option-table.ts';

/** All options, every one set. */
export type RetrySettings = AllSet<MeshRetryOptions>;

const readTable = createOptionReader<RetrySettings>(retryOptionTable);

/**
 * Checks options and fills in what is missing.
 *
 * @param base what an absent or undefined option means; the defaults unless given
 * @throws MeshOptionError for an unknown name or a value that is not accepted
 */
export function retrySettings(options?: MeshRetryOptions, base?: RetrySettings, caller = 'meshRetry'): RetrySettings {
  return readTable(caller, options, base);
}

/**
 * The settings of one request, which may have options of its own under the name `meshRetry`.
 *
 * @throws MeshOptionError for an unknown name or a value that is not accepted
 */
export function requestSettings(own: MeshRetryOptions | undefined, client: RetrySettings): RetrySettings {
  return own === undefined ? client : readTable('a request', own, client, 'meshRetry');
}
