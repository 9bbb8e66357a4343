import { MeshOptionError } from '../../shared/mesh-option-error.ts';
import { createOptionReader, defaultsOf, type OptionTable } from '../../shared/option-table.ts';
import { connectOptionTable } from '../connect-option-table.ts';
import type { ConnectOptions } from '../connect-options.ts';
import type { ConnectSettings } from '../options.ts';
import type { ConnectorRow } from './connector-table.ts';

/** Options of every connector: those of `connectWithRetry` but `close`, for a connector closes what it gives up. `name` is the driver's by default. */
export type DriverOptions = Omit<ConnectOptions, 'close'>;

export type DriverSettings = Omit<ConnectSettings<unknown>, 'close'>;

/** The options of every connector. */
export const driverOptionTable = connectOptionTable.filter(
  ({ name }) => name !== 'close',
) as unknown as OptionTable<DriverSettings>;

/**
 * Checks what a connector was called with.
 *
 * @param table the connector's options, where it has more than those of every connector
 * @throws MeshOptionError for a driver that lacks what the connector takes from it, a configuration that is neither string nor object, a
 * wrong option
 */
export function driverSettings<Settings extends DriverSettings = DriverSettings>(
  row: ConnectorRow,
  driver: unknown,
  config: unknown,
  options: object,
  table: OptionTable<Settings> = driverOptionTable as unknown as OptionTable<Settings>,
): Settings {
  for (const name of row.takes) {
    if (typeof (driver as Record<string, unknown> | null | undefined)?.[name] === 'function') continue;
    throw wrongDriver(row, driver, kindOf(driver), `an object with the function ${name}`);
  }
  if (!(typeof config === 'string' && config !== '') && !(typeof config === 'object' && config !== null)) {
    throw new MeshOptionError(row.connector, {
      at: 'config',
      value: config,
      accepts: `a URL or an object with the settings of ${row.driver}`,
      got: `${config === '' ? 'an empty string' : kindOf(config)}; is a variable not set?`,
    });
  }
  return createOptionReader<Settings>(table)(row.connector, options, { ...defaultsOf(table), name: row.driver });
}

/** For what the driver makes and the connector cannot work with: most often another major version. */
export function wrongDriver(row: ConnectorRow, driver: unknown, got: string, needs?: string): MeshOptionError {
  const accepts = `${row.driver} ${row.versions} (${row.importAs})${needs === undefined ? '' : `, ${needs}`}`;
  return new MeshOptionError(row.connector, { at: 'driver', value: driver, accepts, got });
}

/** The settings of an object, and a URL as the setting that stands for it. */
export function withUrl(name: string, config: string | object): Record<string, unknown> {
  return typeof config === 'string' ? { [name]: config } : { ...config };
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  const names = Object.keys(value).slice(0, 5).join(', ');
  return names === '' ? 'an empty object' : `an object with ${names}`;
}
