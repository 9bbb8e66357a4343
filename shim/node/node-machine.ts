import { nodeClock, nodeTransport } from '../../src/sockets/node-transport.ts';
import { readTextFile } from '../../src/sockets/read-text-file.ts';
import type { Host } from '../host.ts';
import { readEnvironment } from './environment.ts';
import { overwriteFile } from './overwrite-file.ts';

/** What the shim and the preload alike see of the machine. */
export function readNodeMachine() {
  return {
    env: readEnvironment(),
    pid: process.pid,
    clock: nodeClock,
    transport: nodeTransport,
    speaksTls: true,
    wallClockMs: () => Date.now(),
    hostname: () => process.env.HOSTNAME ?? readTextFile('/proc/sys/kernel/hostname')?.trim() ?? '',
    readTextFile,
    overwriteFile,
  } satisfies Partial<Host>;
}
