/**
 * Changes the sources, one mutant at a time, and counts those that the unit tests find:
 *
 *     npm run mutate -- [http | mesh | check | shim | FILES]...
 *
 * All four where nothing is named; FILES is a pattern like `src/text/*.ts`. Ends with 1 where a room has less than is demanded
 * of it. A file of check takes a minute, all of check a quarter of an hour; elsewhere a file takes a minute or two, and a
 * target up to an hour.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import process from 'node:process';
import { mutationTargets, pureTestsOf, type Room, roomsOf } from './mutation/rooms.ts';
import { formatScore, isEnough, type MutationReport, scoreOf } from './mutation/summary.ts';

const report = '.cache/mutation/report.json';

/** In one run: to start one takes longer than many a file does. */
function mutate(pureTests: string | undefined, rooms: readonly Room[]): boolean {
  rmSync(report, { force: true });
  const files = rooms.map((room) => room.files).join(',');
  const config = pureTests === undefined ? 'stryker.config.mjs' : 'stryker.pure.config.mjs';
  const env = { ...process.env, ...(pureTests !== undefined && { PURE_TESTS: pureTests }) };
  const stryker = ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', config, '--mutate', files];
  const { status } = spawnSync(process.execPath, stryker, { stdio: 'inherit', env });
  if (status !== 0) return false;
  const result = JSON.parse(readFileSync(report, 'utf8')) as MutationReport;
  const scores = rooms.map((room) => scoreOf(room, result));
  const lines = [...scores.flatMap(({ survivors }) => survivors), '', ...scores.map(formatScore)];
  process.stdout.write(`${lines.join('\n')}\n`);
  return scores.every(isEnough);
}

const args = process.argv.slice(2);
const wanted = args.length === 0 ? Object.keys(mutationTargets) : args;
const unknown = wanted.find((name) => roomsOf(name) === undefined);
if (unknown === undefined) {
  const rooms = wanted.flatMap((name) => roomsOf(name) ?? []);
  const outcomes = [...new Set(rooms.map(pureTestsOf))].map((tests) =>
    mutate(
      tests,
      rooms.filter((room) => pureTestsOf(room) === tests),
    ),
  );
  process.exitCode = outcomes.every(Boolean) ? 0 : 1;
} else {
  const known = Object.keys(mutationTargets).join(', ');
  process.stderr.write(`mutate: there is no target "${unknown}"; use ${known}, or a path like src/text/*.ts\n`);
  process.exitCode = 64;
}
