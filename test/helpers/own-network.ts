import { spawnSync } from 'node:child_process';
import process from 'node:process';

/** The flag of the kernel for "up" (netdevice(7)) is set by the ioctl SIOCSIFFLAGS: not every machine has iproute2. */
const withLoopback = `
import fcntl, os, socket, struct, sys
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
fcntl.ioctl(socket.socket(), SIOCSIFFLAGS, struct.pack('16sh14x', b'lo', IFF_UP))
os.execvp(sys.argv[1], sys.argv[1:])
`;

/** A command that starts the rest in a network of its own, with nothing but loopback: each port is free there. */
export const ownNetwork = ['unshare', '--map-root-user', '--net', 'python3', '-c', withLoopback];

/** The same, where in addition no process outlives the first one. */
export const ownPod = [
  ...['unshare', '--map-root-user', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'],
  ...['python3', '-c', withLoopback],
];

/** Whether this machine lets us; says aloud, with `what` cannot be tested, where it does not. */
export function mayStartIn([command = '', ...args]: readonly string[], what: string): boolean {
  if (spawnSync(command, [...args, 'true']).status === 0) return true;
  process.stderr.write(`SKIPPED: ${what}: unshare is not permitted here\n`);
  return false;
}
