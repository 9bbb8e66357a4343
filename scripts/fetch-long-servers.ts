// Gets the servers of the long tests, with Maven (Kafka's jars) and Go (FerretDB). What is there already stays. Where one cannot
// be had, CI (CI=true) fails; elsewhere the tests say what is skipped.
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { ferretdbBinary, hasLongServer, kafkaJars } from './long-servers.ts';

function run(command: string, args: string[], cwd: string): boolean {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status === 0) return true;
  process.stderr.write(`${command} ${args[0]} failed: ${error?.message ?? `exit code ${status}`}\n`);
  if (process.env.CI === 'true') process.exitCode = 1;
  return false;
}

if (!hasLongServer('kafka')) {
  // The folder appears with all the jars, or not at all.
  const unfinished = `${kafkaJars}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const args = [
    '-q',
    '-B',
    'dependency:copy-dependencies',
    `-DoutputDirectory=${unfinished}`,
    '-DincludeScope=runtime',
  ];
  if (run('mvn', args, join(import.meta.dirname, 'kafka'))) renameSync(unfinished, kafkaJars);
}

if (!hasLongServer('ferretdb')) {
  mkdirSync(dirname(ferretdbBinary), { recursive: true });
  run('go', ['build', '-o', ferretdbBinary, '.'], join(import.meta.dirname, 'ferretdb'));
}
