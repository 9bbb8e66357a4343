import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { nearestName } from '../text/nearest-name.ts';
import { postToAdmin } from './envoy-admin.ts';
import { describeOptions, type OptionSpec, oneOf, parseOptions } from './options.ts';
import { exitClean, ToolError, type ToolIo } from './tool.ts';

const logLevels = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'] as const;

const optionSpecs: readonly OptionSpec[] = [
  { flag: 'component', value: 'NAME', summary: 'this logger alone (http, router, connection, ...)' },
  { flag: 'for', value: 'DURATION', summary: 'set it back after this time (30s, 5m), or on SIGTERM or SIGINT' },
  { flag: 'admin', value: 'URL', summary: "Envoy's admin; default: http://localhost:15000" },
  { flag: 'help', summary: 'print this' },
];

const helpText = `mesh-shim log-level [LEVEL] [OPTIONS]

Shows or sets the log level of the sidecar, from inside its pod. LEVEL: ${logLevels.join(', ')}.

${describeOptions(optionSpecs)}`;

/** `mesh-shim log-level`. @throws ToolError for what the user must correct, or a sidecar that is not there */
export async function logLevel(args: readonly string[], io: ToolIo): Promise<number> {
  const { operands, values } = parseOptions('log-level', args, optionSpecs);
  if (values.has('help')) {
    io.stdout.write(helpText);
    return exitClean;
  }
  const admin = adminUrl(values.get('admin') ?? 'http://localhost:15000');
  const [wish, extra] = operands;
  if (extra !== undefined) throw new ToolError(`one level at a time, got "${operands.join(' ')}"`);
  const duration = values.get('for');
  const forMs = duration === undefined ? undefined : durationMs(duration);
  const component = values.get('component');
  if (wish === undefined) {
    if (forMs !== undefined) throw new ToolError('--for needs a level to set');
    show(await readLevels(admin), component, io);
    return exitClean;
  }
  const level = oneOf('level', wish === 'warn' ? 'warning' : wish, logLevels);
  const before = await readLevels(admin);
  if (component !== undefined) assertComponent(component, before);
  // Listening before setting: a signal in between must not leave the level as set.
  const signals = forMs === undefined ? undefined : listen();
  try {
    await postToAdmin(admin, component === undefined ? `/logging?level=${level}` : `/logging?${component}=${level}`);
    io.stdout.write(`${component ?? 'all loggers'}: ${level}${duration === undefined ? '' : `, for ${duration}`}\n`);
    if (forMs === undefined || signals === undefined) return exitClean;
    const code = await signals.wait(forMs);
    await restore(admin, component === undefined ? before : new Map([[component, before.get(component) ?? '']]));
    io.stdout.write('set back\n');
    return code;
  } finally {
    signals?.stop();
  }
}

/** Name and level of each logger. */
async function readLevels(admin: URL): Promise<Map<string, string>> {
  const body = await postToAdmin(admin, '/logging');
  const levels = new Map(
    [...body.matchAll(/^\s+(\S+): (\w+)\s*$/gm)].map(([, name = '', level = '']) => [name, level]),
  );
  if (levels.size === 0) throw new ToolError(`${admin.origin} is no Envoy's admin: it lists no loggers`);
  return levels;
}

/** Loggers that share a level are set back together: the most frequent one for all, then the others. */
async function restore(admin: URL, before: ReadonlyMap<string, string>): Promise<void> {
  const counts = new Map<string, number>();
  for (const level of before.values()) counts.set(level, (counts.get(level) ?? 0) + 1);
  const [usual] = [...counts].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  const all = before.size > 1;
  if (all) await postToAdmin(admin, `/logging?level=${usual}`);
  for (const [name, level] of before) {
    if (!all || level !== usual) await postToAdmin(admin, `/logging?${name}=${level}`);
  }
}

function show(levels: ReadonlyMap<string, string>, component: string | undefined, io: ToolIo): void {
  if (component !== undefined) assertComponent(component, levels);
  for (const [name, level] of levels) {
    if (component === undefined || name === component) io.stdout.write(`${name}: ${level}\n`);
  }
}

function assertComponent(component: string, levels: ReadonlyMap<string, string>): void {
  if (levels.has(component)) return;
  const near = nearestName(component, levels.keys());
  throw new ToolError(
    `the sidecar has no logger "${component}"${near ? `; did you mean "${near}"?` : '; mesh-shim log-level lists them'}`,
  );
}

function listen() {
  const abort = new AbortController();
  let code = exitClean;
  const onTerm = () => end(143);
  const onInt = () => end(130);
  const end = (signalCode: number) => {
    code = signalCode;
    abort.abort();
  };
  process.on('SIGTERM', onTerm);
  process.on('SIGINT', onInt);
  return {
    wait: async (ms: number): Promise<number> => {
      await sleep(ms, undefined, { signal: abort.signal }).catch((error: unknown) => {
        if (!abort.signal.aborted) throw error;
      });
      return code;
    },
    stop: () => {
      process.off('SIGTERM', onTerm);
      process.off('SIGINT', onInt);
    },
  };
}

function durationMs(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,6})(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(amount) * ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit] ?? Number.NaN);
  if (ms >= 1 && ms <= 2_147_483_647) return ms;
  throw new ToolError(`--for: "${text}" is no duration; use 30s, 5m or 1h`);
}

function adminUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:') return url;
  throw new ToolError(`--admin: "${text}" is no address; use http://HOST:PORT`);
}
