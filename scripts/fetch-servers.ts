// Installs the servers that tests start (HAProxy, nginx, databases, a broker, a registry), where that is wanted and possible: as root on Debian or Ubuntu,
// with CI=true or FETCH_SERVERS set. Elsewhere it changes nothing, and those tests skip and say so.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { findServer, type ServerName, serverPackages } from './server-binary.ts';

const missing = (Object.keys(serverPackages) as ServerName[]).filter((name) => findServer(name) === undefined);
const wanted = process.env.CI === 'true' || Boolean(process.env.FETCH_SERVERS);
const possible = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

if (missing.length > 0 && wanted && possible) {
  const packages = missing.map((name) => serverPackages[name]);
  // The packages would start their services; in run level 1, Debian's invoke-rc.d starts nothing.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { status } = spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env });
    if (status !== 0) {
      process.stderr.write(`apt-get ${args.join(' ')} failed with ${status}\n`);
      process.exitCode = 1;
      break;
    }
  }
} else if (missing.length > 0) {
  process.stderr.write(
    `not installed: ${missing.join(', ')}; their tests skip (as root on Debian, set FETCH_SERVERS=1)\n`,
  );
}
