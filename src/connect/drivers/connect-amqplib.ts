import * as accepted from '../../shared/accepted.ts';
import { isObject, type OptionTable, optionTable } from '../../shared/option-table.ts';
import { pause } from '../../shared/pause.ts';
import { connectDriver } from './connect-driver.ts';
import { connectorTable } from './connector-table.ts';
import {
  type DriverOptions,
  type DriverSettings,
  driverOptionTable,
  driverSettings,
  wrongDriver,
} from './driver-options.ts';
import { keepRenewed, type RenewedConnection, type StandingConnection } from './renewed-connection.ts';

/** What is used of the package `amqplib`, in its interface of promises. */
interface AmqplibDriver {
  connect(url: never, socketOptions?: never): Promise<object>;
}

interface Connection {
  close(): Promise<unknown>;
  on(event: 'error' | 'close', listener: (error?: Error) => void): unknown;
  createChannel(...args: unknown[]): Promise<Channel>;
  createConfirmChannel(...args: unknown[]): Promise<Channel>;
}

interface Channel {
  close(): Promise<unknown>;
  on(event: 'error' | 'cancel', listener: (error?: Error) => void): unknown;
}

type ConnectionOf<Driver extends AmqplibDriver> = Awaited<ReturnType<Driver['connect']>>;

export interface AmqplibOptions<Connection, Value> extends DriverOptions {
  /**
   * Opens channels, asserts queues, starts consumers: on the first connection and again on each one after it. `ready()`
   * gives what it returns. A failure is one of the attempt.
   *
   * Must be a function. Default: the connection itself.
   */
  readonly setup?: ((connection: Connection) => Promise<Value> | Value) | undefined;
  /**
   * The second argument of amqplib's `connect`: TLS, `credentials`, `clientProperties`; not `recovery`, for which the
   * connector is there.
   *
   * Must be an object without recovery. Default: amqplib's own.
   */
  readonly socketOptions?: object | undefined;
}

interface AmqplibSettings extends DriverSettings {
  readonly setup: (connection: never) => unknown;
  readonly socketOptions: object;
}

/** The options that `connectAmqplib` has besides those of every connector. */
export const amqplibOnlyTable = optionTable<Pick<AmqplibSettings, 'setup' | 'socketOptions'>>({
  setup: {
    ...accepted.callback,
    default: (connection: unknown) => connection,
    defaultText: 'the connection itself',
    text: 'Opens channels, asserts queues, starts consumers: on the first connection and again on each one after it. `ready()` gives what it returns. A failure is one of the attempt.',
  },
  socketOptions: {
    ...accepted.that('an object without recovery', (value) => isObject(value) && !('recovery' in value)),
    default: {},
    defaultText: "amqplib's own",
    text: "The second argument of amqplib's `connect`: TLS, `credentials`, `clientProperties`; not `recovery`, for which the connector is there.",
  },
});

/** The options of `connectAmqplib`. */
export const amqplibOptionTable: OptionTable<AmqplibSettings> = [...driverOptionTable, ...amqplibOnlyTable];

/** Seconds; RabbitMQ recommends 5 to 20 (its documentation, "Detecting Dead TCP Connections with Heartbeats"). */
const heartbeat = 10;
/** An orderly end is waited for so long. */
const closeMs = 2_000;

/**
 * Connects to RabbitMQ and keeps connected: `await connectAmqplib(amqp, process.env.AMQP_URL, { setup })`. amqplib's channels and
 * consumers end with their connection; `setup` makes them anew.
 *
 * A channel that the broker closes, and a consumer that it cancels, count as the loss of the connection.
 *
 * @param config a URL, or the settings that amqplib's `connect` takes in its place
 * @throws MeshOptionError for a wrong driver, configuration or option, and what `connectWithRetry` throws
 */
export async function connectAmqplib<Driver extends AmqplibDriver, Value = ConnectionOf<Driver>>(
  driver: Driver,
  config: Parameters<Driver['connect']>[0],
  options: AmqplibOptions<ConnectionOf<Driver>, Value> = {},
): Promise<RenewedConnection<Value>> {
  const row = connectorTable.amqplib;
  const { setup, socketOptions, ...settings } = driverSettings(row, driver, config, options, amqplibOptionTable);
  if (driver.connect.length > 2) throw wrongDriver(row, driver, 'its interface of callbacks');

  const create = () => {
    const life = new AbortController();
    const args = [withHeartbeat(config), { ...socketOptions, signal: life.signal }];
    const connect = async (): Promise<StandingConnection<Value>> => {
      const connection = await driver.connect(...(args as [never, never]));
      const channels: Channel[] = [];
      const lost = lossOf(connection as Connection, channels);
      const failed = lost.then((reason) => Promise.reject(reason));
      const value = await Promise.race([setup(connection as never) as Value, failed]);
      const close = () => closeWithin(connection as Connection, channels, closeMs).finally(() => life.abort());
      return { value, lost, close };
    };
    return { connect, discard: () => life.abort() };
  };
  const first = await connectDriver(create, settings);
  const open = (signal: AbortSignal) =>
    connectDriver(create, { ...settings, deadlineMs: Number.POSITIVE_INFINITY, signal });
  return keepRenewed(first, open, settings);
}

/**
 * Fulfilled when the connection, a channel or a consumer on it is over, with why.
 *
 * @param channels gets the channels that are made
 */
function lossOf(connection: Connection, channels: Channel[]): Promise<Error> {
  return new Promise((resolve) => {
    connection.on('error', (error) => error && resolve(error));
    connection.on('close', (error) => resolve(error ?? new Error('the broker has closed the connection')));
    // amqplib tells of channels to nobody but the channel, and an error that nobody listens to ends the process.
    for (const name of ['createChannel', 'createConfirmChannel'] as const) {
      const make = connection[name];
      connection[name] = async (...args) => {
        const channel = await make.apply(connection, args);
        channels.push(channel);
        channel.on('error', (error) => error && resolve(error));
        channel.on('cancel', () => resolve(new Error('the broker has cancelled a consumer: its queue is gone')));
        return channel;
      };
    }
  });
}

/**
 * Channels first: what was sent on them last, such as an acknowledgement, waits in amqplib's own queue, which the connection's
 * close overtakes (amqplib 2.3, lib/mux.js and lib/connection.js). The close of a channel takes its turn behind it.
 */
async function closeInOrder(connection: Connection, channels: readonly Channel[]): Promise<void> {
  // One that is closed already throws.
  await Promise.allSettled(channels.map(async (channel) => channel.close()));
  await connection.close();
}

async function closeWithin(connection: Connection, channels: readonly Channel[], ms: number): Promise<void> {
  const over = new AbortController();
  const limit = pause(ms, [over.signal]).catch(() => {});
  await Promise.race([closeInOrder(connection, channels), limit]).finally(() => over.abort());
}

function withHeartbeat(config: unknown): unknown {
  if (typeof config !== 'string') return { heartbeat, ...(config as object) };
  if (/[?&]heartbeat=/.test(config)) return config;
  return `${config}${config.includes('?') ? '&' : '?'}heartbeat=${heartbeat}`;
}
