// Gets the servers of the long tests, with Maven (Kafka's jars) and Go (FerretDB, the sidecars of other meshes). What is there already
// stays. Where one cannot be had, CI (CI=true) fails; elsewhere the tests say what is skipped.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { hasLongServer, type LongServerName, longServers } from './long-servers.ts';
import { BuildError, runCommand } from './run-command.ts';
import { buildSidecar } from './sidecars/build.ts';

const makers: Readonly<Record<LongServerName, () => Promise<void>>> = {
  async kafka() {
    // The folder appears with all the jars, or not at all.
    const unfinished = `${longServers.kafka}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    const pom = ['-f', join(import.meta.dirname, 'kafka', 'pom.xml')];
    const copy = ['dependency:copy-dependencies', `-DoutputDirectory=${unfinished}`, '-DincludeScope=runtime'];
    await runCommand('mvn', ['-q', '-B', ...pom, ...copy], 'kafka');
    renameSync(unfinished, longServers.kafka);
  },
  async ferretdb() {
    mkdirSync(dirname(longServers.ferretdb), { recursive: true });
    const module = join(import.meta.dirname, 'ferretdb');
    await runCommand('go', ['build', '-C', module, '-o', longServers.ferretdb, '.'], 'ferretdb');
  },
  daprd: () => buildSidecar('daprd'),
  'cloud-sql-proxy': () => buildSidecar('cloud-sql-proxy'),
};

for (const name of Object.keys(makers) as LongServerName[]) {
  if (hasLongServer(name)) continue;
  process.stderr.write(`getting ${name}: the first time this takes minutes\n`);
  try {
    await makers[name]();
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    process.stderr.write(`${error.message}\n`);
    if (process.env.CI === 'true') process.exitCode = 1;
  }
}
