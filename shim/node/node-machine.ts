import { nodeClock, nodeTransport } from '../../src/sockets/node-transport.ts';
import { readTextFile } from '../../src/sockets/read-text-file.ts';
import type { Host } from '../host.ts';
import { overwriteFile } from './overwrite-file.ts';

/** What the shim and the preload alike see of the machine. */
export function readNodeMachine() {
  return {
    env: new Map(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    pid: process.pid,
    clock: nodeClock,
    transport: nodeTransport,
    wallClockMs: () => Date.now(),
    hostname: () => process.env.HOSTNAME ?? readTextFile('/proc/sys/kernel/hostname')?.trim() ?? '',
    readTextFile,
    overwriteFile,
  } satisfies Partial<Host>;
}
