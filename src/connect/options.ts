import { type AllSet, createOptionReader, defaultsOf } from '../shared/option-table.ts';
import { connectOptionTable, endpointOptionTable } from './connect-option-table.ts';
import type { ConnectOptions } from './connect-options.ts';

/** All options, every one set but the signal. */
export type ConnectSettings<Connection> = AllSet<ConnectOptions<Connection>, 'signal'>;

type AnySettings = ConnectSettings<unknown>;

const readConnectTable = createOptionReader<AnySettings>(connectOptionTable);
const readEndpointTable = createOptionReader<AnySettings>(endpointOptionTable);
const defaults = defaultsOf<AnySettings>(connectOptionTable);

/** @throws MeshOptionError for an unknown name or a value that is not accepted */
export function connectSettings<Connection>(options?: ConnectOptions<Connection>): ConnectSettings<Connection> {
  return readConnectTable('connectWithRetry', options);
}

/**
 * The same for `waitForEndpoint`.
 *
 * @param name what is connected to, unless the options say it
 * @throws MeshOptionError for an unknown name or a value that is not accepted
 */
export function endpointSettings(options: object | undefined, name: string): AnySettings {
  return readEndpointTable('waitForEndpoint', options, { ...defaults, name });
}
