import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { startStandinSidecar } from './standin-sidecar.ts';
import { printTable } from './table.ts';

const executable = 'dist/linux-x64/mesh-shim';
const bodies = [
  { name: 'mesh-shim, static', command: [executable], file: executable },
  { name: 'mesh-shim on Node', command: [process.execPath, 'dist/mesh-shim.cjs'], file: process.execPath },
] as const;

/** Memory: after a /server_info of 126 KB has been read, and while the shim stays beside the app. */
export async function run(): Promise<void> {
  const sidecar = await startStandinSidecar(0, 'istio');
  const found: { name: string; peak: number; resident: number; file: number }[] = [];
  for (const { name, command, file } of bodies) {
    const args = ['--mode', 'required', '--admin-url', sidecar.adminUrl, '--log-level', 'silent', '--supervise', '--'];
    const [program = '', ...rest] = [...command, ...args, 'sh', '-c', 'echo started; exec cat'];
    const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    const kib = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
    found.push({ name, peak: kib('VmHWM'), resident: kib('VmRSS'), file: statSync(file).size / 1000 });
    child.stdin.end();
    await once(child, 'exit');
  }
  sidecar.stop();
  const [first] = found;
  const rows = found.map(({ name, peak, resident, file }) => [
    name,
    String(peak),
    String(resident),
    (resident / (first?.resident ?? 1)).toFixed(1),
    file.toFixed(0),
  ]);
  printTable('Memory beside the app, KiB', ['', 'peak', 'resident', 'ratio', 'file (with its engine), kB'], rows);
}
