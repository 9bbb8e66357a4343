import { globSync } from 'node:fs';
import { matchesGlob } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mutationTargets, pureTestsOf, roomsOf } from '../../../scripts/mutation/rooms.ts';
import { formatScore, isEnough, scoreOf } from '../../../scripts/mutation/summary.ts';

const room = { name: 'a', files: 'src/a/**/*.ts', demanded: 60 };
const source = 'const x = 1 +\n  2;\n';

const mutant = (status: string, replacement = '1 - 2') => ({
  mutatorName: 'ArithmeticOperator',
  replacement,
  status,
  location: { start: { line: 1, column: 11 }, end: { line: 2, column: 4 } },
});

const report = (...statuses: string[]) => ({
  files: {
    'src/a/b/one.ts': { source, mutants: statuses.map((status) => mutant(status)) },
    'src/other/two.ts': { source, mutants: [mutant('Survived')] },
  },
});

describe('the score of a room', () => {
  it('is the part of its mutants that tests find; what is no program or was left out counts for nothing', () => {
    const result = scoreOf(room, report('Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored', 'CompileError'));
    expect(result).toMatchObject({ found: 2, missed: 2, score: 50 });
  });

  it('lists the survivors where they stand, on one line each', () => {
    expect(scoreOf(room, report('Killed', 'Survived', 'NoCoverage')).survivors).toEqual([
      'src/a/b/one.ts:1:11 ArithmeticOperator: 1 + 2 -> 1 - 2',
      'src/a/b/one.ts:1:11 ArithmeticOperator: 1 + 2 -> 1 - 2 (no test runs it)',
    ]);
  });

  it.each([
    [['Killed', 'Killed', 'Survived'], true, 'ok     a: 66.7 %, 2 of 3, demanded: 60 %'],
    [['Killed', 'Killed', 'Killed', 'Survived', 'Survived'], true, 'ok     a: 60.0 %, 3 of 5, demanded: 60 %'],
    [['Killed', 'Survived'], false, 'BELOW  a: 50.0 %, 1 of 2, demanded: 60 %'],
    [[], false, 'BELOW  a: nothing was mutated, demanded: 60 %'],
  ])('%j is enough: %s', (statuses, enough, line) => {
    const result = scoreOf(room, report(...statuses));
    expect(isEnough(result)).toBe(enough);
    expect(formatScore(result)).toBe(line);
  });

  it('is not enough while a single file has less than is demanded of each, and says which', () => {
    const { files } = report('Killed', 'Killed', 'Killed', 'Survived');
    const weak = { source, mutants: ['Killed', 'Survived', 'NoCoverage', 'Survived'].map((status) => mutant(status)) };
    const tiny = { source, mutants: [mutant('Survived')] };
    const result = scoreOf(
      { ...room, demanded: 40, demandedOfEach: 40 },
      {
        files: { ...files, 'src/a/weak.ts': weak, 'src/a/tiny.ts': tiny },
      },
    );
    expect(isEnough(result)).toBe(false);
    expect(formatScore(result).split('\n')).toEqual([
      'BELOW  src/a/weak.ts: 25.0 %, 1 of 4, demanded of each file: 40 %',
      'BELOW  a: 44.4 %, 4 of 9, demanded: 40 %',
    ]);
    expect(isEnough(scoreOf({ ...room, demandedOfEach: 40 }, { files }))).toBe(true);
  });

  it('may be anything where nothing is demanded, but for no mutants at all', () => {
    const free = { ...room, demanded: undefined };
    expect(isEnough(scoreOf(free, report('Survived')))).toBe(true);
    expect(isEnough(scoreOf(free, report()))).toBe(false);
  });
});

describe('the targets', () => {
  it.each(Object.values(mutationTargets).flat())('$name has files', ({ files }) => {
    expect(globSync(files)).not.toEqual([]);
  });

  it('of check has each file of its folders once', () => {
    const rooms = mutationTargets.check.flatMap(({ files }) => globSync(files));
    expect(rooms.toSorted()).toEqual(globSync('src/check/*/**/*.ts').toSorted());
  });

  it('take a path as a room of which nothing is demanded, and no other name', () => {
    expect(roomsOf('src/text/*.ts')).toEqual([{ name: 'src/text/*.ts', files: 'src/text/*.ts', demanded: undefined }]);
    expect(roomsOf('http')).toEqual(mutationTargets.http);
    expect(roomsOf('toString')).toBeUndefined();
  });

  it.each([
    ['src/check/rules/sctp.ts', 'test/unit/check/*.test.ts'],
    ['src/check/model/traffic/*.ts', 'test/unit/check/**/*.test.ts'],
  ])('%s is judged by tests without I/O', (files, tests) => {
    expect(roomsOf(files)?.map(pureTestsOf)).toEqual([tests]);
    expect(globSync(tests)).not.toEqual([]);
    const rooms = mutationTargets.check.filter((room) => matchesGlob(files, room.files));
    expect(rooms.map(pureTestsOf)).toEqual([tests]);
  });

  it('are judged by all unit tests elsewhere', () => {
    expect([...mutationTargets.http, ...mutationTargets.shim].every((room) => pureTestsOf(room) === undefined)).toBe(
      true,
    );
  });
});
