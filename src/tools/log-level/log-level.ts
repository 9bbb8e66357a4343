import { constants } from 'node:os';
import process from 'node:process';
import { createCancelSource, pause } from '../../mesh/ask/cancel.ts';
import { type Endpoint, EndpointError, parseAdminUrl } from '../../mesh/ask/endpoint.ts';
import { nodeClock } from '../../sockets/node-transport.ts';
import { parseDuration } from '../../text/durations.ts';
import { didYouMean } from '../../text/nearest-name.ts';
import { badValue, oneOf } from '../options.ts';
import { type GivenOptions, type Tool, ToolError, type ToolIo, toolExitCodes } from '../tool.ts';
import { type Levels, readLevels, restoreLevels, setLevel } from './loggers.ts';

const logLevels = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'] as const;
const standardAdmin = 'http://localhost:15000';

/** `mesh-shim log-level`. */
export const logLevel: Tool = {
  operands: '[LEVEL]',
  operandChoices: logLevels,
  about: ['Shows or sets the log level of the sidecar, from inside its pod.', `LEVEL: ${logLevels.join(', ')}.`],
  options: [
    { flag: 'component', value: 'NAME', default: 'all', text: 'this logger only (http, router, connection, ...)' },
    {
      flag: 'for',
      value: 'DURATION',
      text: 'set it back after this time (30s, 5m, 1h), or on SIGTERM, SIGINT or SIGHUP',
    },
    {
      flag: 'admin-url',
      value: 'URL',
      default: standardAdmin,
      text: "address of Envoy's admin: http://HOST:PORT or unix:PATH",
    },
  ],
  exitCodes: ['done', 'notDone', 'internal', 'signalBase'],
  run: showOrSet,
};

async function showOrSet({ operands, values }: GivenOptions, io: ToolIo): Promise<number> {
  const admin = adminAddress(values.get('admin-url') ?? standardAdmin);
  const [wish, extra] = operands;
  if (extra !== undefined) throw new ToolError(`unexpected ${JSON.stringify(extra)}; name one LEVEL`);
  const duration = values.get('for');
  const forMs = duration === undefined ? undefined : readDuration(duration);
  if (wish === undefined && forMs !== undefined) throw new ToolError('--for needs a LEVEL to set; name one');
  const level = wish === undefined ? undefined : oneOf('level', wish === 'warn' ? 'warning' : wish, logLevels);
  const levels = await readLevels(admin);
  const component = values.get('component');
  const scope = component === undefined ? levels : only(component, levels);
  if (level === undefined) {
    for (const [name, current] of scope) io.stdout.write(`${name}: ${current}\n`);
    return toolExitCodes.done.code;
  }
  const set = async (howLong: string): Promise<void> => {
    await setLevel(admin, component, level);
    io.stdout.write(`${component ?? 'all loggers'}: ${level}${howLong}\n`);
  };
  if (forMs === undefined) {
    await set('');
    return toolExitCodes.done.code;
  }
  // Listening before setting: a signal in between must not leave the level as set.
  const end = listenForEnd();
  try {
    await set(`, for ${duration}`);
    const code = await end.within(forMs);
    await restoreLevels(admin, scope);
    io.stdout.write('set back\n');
    return code;
  } finally {
    end.stop();
  }
}

function only(component: string, levels: Levels): Levels {
  const level = levels.get(component);
  if (level !== undefined) return new Map([[component, level]]);
  const hint = didYouMean(component, levels.keys());
  throw new ToolError(
    `the sidecar has no logger ${JSON.stringify(component)}${hint || '; mesh-shim log-level lists them'}`,
  );
}

/** What asks a program to end: the level is set back first. */
const endingSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

function listenForEnd() {
  const source = createCancelSource();
  let code: number = toolExitCodes.done.code;
  const onSignal = (signal: NodeJS.Signals): void => {
    code = toolExitCodes.signalBase.code + constants.signals[signal];
    source.cancel();
  };
  for (const signal of endingSignals) process.on(signal, onSignal);
  return {
    /** Resolves with the exit code, after this time or as soon as a signal has come. */
    async within(ms: number): Promise<number> {
      await pause(nodeClock, ms, source.signal);
      return code;
    },
    stop(): void {
      for (const signal of endingSignals) process.off(signal, onSignal);
    },
  };
}

function readDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 1) return ms;
  throw badValue('--for', text, 'a duration of at least 1ms with its unit, such as 30s, 5m or 2m30s');
}

function adminAddress(text: string): Endpoint {
  try {
    return parseAdminUrl(text);
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    throw new ToolError(`--admin-url: ${error.message}`);
  }
}
