import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { compiledProgram } from '../helpers/compiled-program.ts';
import { measure, median, percentile } from './measure.ts';
import { type StandinKind, startStandinSidecar, wallClockMs } from './standin-sidecar.ts';
import { printTable } from './table.ts';

const execute = promisify(execFile);

/** A way to wait for a sidecar and then start a program. */
interface Waiter {
  readonly name: string;
  command(adminUrl: string, app: readonly string[]): readonly string[];
  readonly env?: (adminUrl: string) => NodeJS.ProcessEnv;
}

const executable = 'dist/linux-x64/mesh-shim';
const nodeShim = [process.execPath, 'dist/mesh-shim.cjs'];

function shimWaiter(name: string, shim: readonly string[]): Waiter {
  return {
    name,
    command: (adminUrl, app) => [
      ...shim,
      '--mode',
      'required',
      '--admin-url',
      adminUrl,
      '--log-level',
      'silent',
      '--',
      ...app,
    ],
  };
}

/** What people write by hand. */
const shellLoop: Waiter = {
  name: 'shell loop, curl, 1 s sleep',
  command: (adminUrl, app) => [
    'sh',
    '-c',
    `until curl -fsS ${adminUrl}/server_info 2>/dev/null | grep -q '"state": "LIVE"'; do sleep 1; done; exec "$@"`,
    'sh',
    ...app,
  ],
};

const scuttle: Waiter = {
  name: 'scuttle',
  command: (_adminUrl, app) => ['scuttle', ...app],
  env: (adminUrl) => ({ ENVOY_ADMIN_API: adminUrl, NEVER_KILL_ISTIO: 'true' }),
};

const linkerdAwait: Waiter = {
  name: 'linkerd-await',
  command: (adminUrl, app) => ['linkerd-await', `--port=${new URL(adminUrl).port}`, '--', ...app],
};

function waiters(): Waiter[] {
  return [
    shimWaiter('mesh-shim on Node', nodeShim),
    ...(existsSync(executable) ? [shimWaiter('mesh-shim, static', [executable])] : []),
    ...(isOnPath('curl') ? [shellLoop] : []),
    ...(isOnPath('scuttle') ? [scuttle] : []),
    ...(isOnPath('linkerd-await') ? [linkerdAwait] : []),
  ];
}

function isOnPath(name: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const kinds = [
  ['istio', 'Istio'],
  ['plain', 'a plain Envoy'],
] as const;

/** The shim's figures: detection, overhead, cost of a long wait. About ten minutes. */
export async function run(): Promise<void> {
  await benchStart();
  for (const [kind, name] of kinds) await benchLongWait(kind, name);
  for (const [kind, name] of kinds) await benchDetection(kind, name);
}

/** From the moment that the sidecar is LIVE to the first instruction of the app, which prints the time (`date`). */
async function benchDetection(kind: StandinKind, kindName: string): Promise<void> {
  const app = ['date', '+%s%N'];
  const rows: string[][] = [];
  for (const [liveAfterMs, rounds] of [
    [500, 16],
    [2_000, 8],
    [5_000, 6],
    [10_000, 6],
    [20_000, 4],
  ] as const) {
    let best: number | undefined;
    for (const waiter of waiters()) {
      const delays: number[] = [];
      // Two at a time: there are two processors, and the stand-in needs one of them.
      for (let round = 0; round < rounds; round += 2) {
        const pair = [0, 1].map((index) => detectOnce(waiter, liveAfterMs + round * 3 + index * 7, kind, app));
        delays.push(...(await Promise.all(pair)));
      }
      best ??= median(delays);
      rows.push([
        waiter.name,
        `${liveAfterMs / 1000} s`,
        median(delays).toFixed(1),
        percentile(delays, 0.95).toFixed(1),
        (median(delays) / best).toFixed(1),
      ]);
    }
  }
  printTable(`Sidecar ready -> app started, ms: ${kindName}`, ['', 'ready after', 'median', 'p95', 'ratio'], rows);
}

async function detectOnce(waiter: Waiter, liveAfterMs: number, kind: StandinKind, app: readonly string[]) {
  const sidecar = await startStandinSidecar(liveAfterMs, kind);
  const [program = '', ...args] = waiter.command(sidecar.adminUrl, app);
  const { stdout } = await execute(program, args, { env: { ...process.env, ...waiter.env?.(sidecar.adminUrl) } });
  const startedAt = Number(BigInt(stdout.trim()) / 1000n) / 1000;
  const liveSince = sidecar.liveSince() ?? wallClockMs();
  sidecar.stop();
  return startedAt - liveSince;
}

/** What wrapping costs when the sidecar is LIVE already. */
async function benchStart(): Promise<void> {
  const sidecar = await startStandinSidecar(0, 'istio');
  const rounds = 30;
  const bare = await measure(rounds, ['true']);
  const node = await measure(rounds, [process.execPath, '-e', '0']);
  const rows: string[][] = [];
  const add = (
    name: string,
    runs: readonly { wallMs: number; cpuMs: number; peakKiB: number }[],
    base: typeof bare,
  ) => {
    const cpu = median(runs.map(({ cpuMs }) => cpuMs));
    const baseCpu = median(base.map(({ cpuMs }) => cpuMs));
    rows.push([
      name,
      median(runs.map(({ wallMs }) => wallMs)).toFixed(1),
      cpu.toFixed(1),
      (cpu - baseCpu).toFixed(1),
      (cpu / baseCpu).toFixed(2),
      (median(runs.map(({ peakKiB }) => peakKiB)) / 1024).toFixed(1),
    ]);
  };
  add('true, bare', bare, bare);
  add('node -e 0', node, node);
  for (const waiter of waiters()) {
    const runs = await measure(rounds, waiter.command(sidecar.adminUrl, ['true']), waiter.env?.(sidecar.adminUrl));
    add(waiter.name, runs, waiter.name.includes('Node') ? node : bare);
  }
  sidecar.stop();
  printTable(
    'Start with a LIVE sidecar (mesh-shim on Node beside node -e 0, the others beside true)',
    ['', 'wall ms', 'CPU ms', 'CPU over', 'ratio', 'peak MB'],
    rows,
  );
}

/** What half a minute of waiting costs, here and at Envoy's main thread. */
async function benchLongWait(kind: StandinKind, kindName: string): Promise<void> {
  const rows: string[][] = [];
  const wait = (shim: readonly string[]) => (adminUrl: string) => [
    ...[...shim, 'wait', '--mode', 'required', '--timeout', '30s', '--admin-url', adminUrl],
  ];
  // As many requests, as far apart, as the shim makes in this time.
  const bare = (adminUrl: string) => [
    ...[compiledProgram('test/bench/programs/bare-wait.c'), new URL(adminUrl).port, '1950', '15'],
  ];
  // As often as the shim looks at a closed port: every 4 ms in the first two seconds, every 8 ms from then on.
  const wake = () => [compiledProgram('test/bench/programs/bare-wake.c'), '500', '4', '3500', '8'];
  const peer = (adminUrl: string) => ['timeout', '30', ...linkerdAwait.command(adminUrl, ['true'])];
  let bareMs: number | undefined;
  for (const [name, commandFor] of [
    ['a bare loop in C', bare],
    ...(kind === 'istio' ? ([['only waking up as often', wake]] as const) : []),
    ...(isOnPath('linkerd-await') ? ([['linkerd-await, 1 s', peer]] as const) : []),
    ['mesh-shim on Node', wait(nodeShim)],
    ...(existsSync(executable) ? ([['mesh-shim, static', wait([executable])]] as const) : []),
  ] as const) {
    const sidecar = await startStandinSidecar(Number.POSITIVE_INFINITY, kind);
    const [run] = await measure(1, commandFor(sidecar.adminUrl));
    const cpuMs = run?.cpuMs ?? Number.NaN;
    bareMs ??= cpuMs;
    rows.push([
      name,
      cpuMs.toFixed(0),
      (cpuMs / bareMs).toFixed(1),
      String(sidecar.requests('/ready')),
      String(sidecar.requests('/server_info')),
      ((run?.peakKiB ?? 0) / 1024).toFixed(1),
    ]);
    sidecar.stop();
  }
  printTable(`A wait of 30 s: ${kindName}`, ['', 'CPU ms', 'ratio', '/ready', '/server_info', 'peak MB'], rows);
}
