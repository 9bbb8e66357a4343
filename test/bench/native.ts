import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { startStandinSidecar } from './standin-sidecar.ts';
import { printTable } from './table.ts';

const executable = 'dist/linux-x64/mesh-shim';
const shimFlags = (adminUrl: string) => [
  ...['--mode', 'required', '--admin-url', adminUrl, '--log-level', 'silent', '--supervise', '--'],
];
const peer = pathOf('linkerd-await');
const bodies = [
  { name: 'mesh-shim, static', command: [executable], flags: shimFlags, file: executable },
  {
    ...{ name: 'mesh-shim on Node', command: [process.execPath, 'dist/mesh-shim.cjs'] },
    ...{ flags: shimFlags, file: process.execPath },
  },
  ...(peer
    ? [
        {
          ...{ name: 'linkerd-await --shutdown', command: [peer], file: peer },
          flags: (adminUrl: string) => [`--port=${new URL(adminUrl).port}`, '--shutdown', '--'],
        },
      ]
    : []),
];

/** Memory: after a /server_info of 126 KB has been read, and while the shim stays beside the app. */
export async function run(): Promise<void> {
  const sidecar = await startStandinSidecar(0, 'istio');
  const rows: string[][] = [];
  let least: number | undefined;
  for (const { name, command, flags, file } of bodies) {
    const [program = '', ...rest] = [...command, ...flags(sidecar.adminUrl), 'sh', '-c', 'echo started; exec cat'];
    const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    // What is beside the app for weeks is what is there when a moment has passed.
    await delay(1_000);
    const kib = (of: string, field: string): number =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${child.pid}/${of}`, 'utf8'))?.[1]);
    const ownPages = kib('smaps_rollup', 'Private_Clean') + kib('smaps_rollup', 'Private_Dirty');
    least ??= ownPages;
    const figures = [kib('status', 'VmHWM'), ownPages, kib('smaps_rollup', 'Pss')].map(String);
    rows.push([name, ...figures, (ownPages / least).toFixed(1), (statSync(file).size / 1000).toFixed(0)]);
    child.stdin.end();
    await once(child, 'exit');
  }
  sidecar.stop();
  printTable('Memory beside the app, KiB', ['', 'peak', 'private', 'PSS', 'ratio', 'file (with its engine), kB'], rows);
}

function pathOf(name: string): string | undefined {
  try {
    return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
