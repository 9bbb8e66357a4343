/**
 * Inits that end at once where they are not PID 1: s6-overlay ("s6-overlay-suexec: fatal: can only run as pid 1"), systemd ("Trying to
 * run as user instance"), runit and OpenRC. Those that only complain, as tini does, are none of these.
 */
const initPaths = [
  '/init',
  '/sbin/init',
  '/lib/systemd/systemd',
  '/usr/lib/systemd/systemd',
  '/sbin/runit-init',
  '/sbin/openrc-init',
];

export function mustBePid1(path: string): boolean {
  return initPaths.includes(path);
}

/** What somebody can do who wants such an image, and the sidecar told to quit. */
export function adviceForInit(path: string): string {
  return `${path} may insist on being PID 1 (as s6-overlay and systemd do), and beside mesh-shim it is not: without --quit, --supervise, --group, --group-grace, --parent-death and --subreaper mesh-shim becomes it; let its last script run "mesh-shim quit"`;
}
