/**
 * Gets the emulator that runs the arm64 executable in tests. Only CI (CI=true) as root installs a package; elsewhere one
 * line says what will be skipped.
 */
import { spawnSync } from 'node:child_process';
import process from 'node:process';

const isThere = (): boolean => spawnSync('qemu-aarch64-static', ['--version']).status === 0;

if (process.arch !== 'arm64' && !isThere()) {
  const mayInstall = process.env.CI === 'true' && process.getuid?.() === 0;
  if (mayInstall) {
    spawnSync('apt-get', ['update', '--quiet'], { stdio: 'ignore' });
    spawnSync('apt-get', ['install', '--yes', '--quiet', '--no-install-recommends', 'qemu-user-static'], {
      stdio: 'ignore',
    });
  }
  if (!isThere()) {
    process.stderr.write('no qemu-aarch64-static: the arm64 executable will not be run (Debian: qemu-user-static)\n');
    if (process.env.CI === 'true') process.exitCode = 1;
  }
}
