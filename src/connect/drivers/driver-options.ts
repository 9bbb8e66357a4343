import { MeshOptionError } from '../../shared/option-error.ts';
import { checkedOptions, fallbacks, type OptionRow } from '../../shared/option-table.ts';
import { type ConnectOptions, type ConnectSettings, connectOptionTable } from '../options.ts';
import type { ConnectorRow } from './connector-table.ts';

/** Options of every connector: those of `connectWithRetry` but `close`, for a connector closes what it gives up. `name` is the driver's by default. */
export type DriverOptions = Omit<ConnectOptions, 'close'>;

export type DriverSettings = Omit<ConnectSettings<unknown>, 'close'>;

const driverOptionTable = connectOptionTable.filter(({ name }) => name !== 'close');

/**
 * Checks what a connector was called with.
 *
 * @throws MeshOptionError for a driver that lacks what the connector takes from it, a configuration that is neither string nor object, a
 * wrong option
 */
export function driverSettings(
  row: ConnectorRow,
  driver: unknown,
  config: unknown,
  options: DriverOptions,
  more: readonly OptionRow<string>[] = [],
): DriverSettings {
  for (const name of row.takes) {
    if (typeof (driver as Record<string, unknown> | null | undefined)?.[name] === 'function') continue;
    throw wrongDriver(row, `an object with the function ${name} (${row.importAs}), got ${kindOf(driver)}`);
  }
  if (!(typeof config === 'string' && config !== '') && !(typeof config === 'object' && config !== null)) {
    const got = config === '' ? 'an empty string' : kindOf(config);
    throw new MeshOptionError(
      `${row.connector}: the second argument must be a URL or an object with the settings of ${row.driver}, got ${got}; is a variable not set?`,
    );
  }
  const table: readonly OptionRow<string>[] = [...driverOptionTable, ...more];
  const rows = new Map(table.map((option) => [option.name, option]));
  return checkedOptions(rows, options, { ...fallbacks(table), name: row.driver }) as unknown as DriverSettings;
}

/** For what the driver makes and the connector cannot work with: most often another major version. */
export function wrongDriver(row: ConnectorRow, needs: string): MeshOptionError {
  return new MeshOptionError(`${row.connector}: the driver must be ${row.driver} ${row.versions}: ${needs}`);
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
