import { matchesGlob } from 'node:path';
import type { Room } from './rooms.ts';

/** Of the report of StrykerJS, in the mutation-testing-report schema, what is used here. */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

interface Position {
  readonly line: number;
  readonly column: number;
}

interface Rate {
  readonly found: number;
  readonly missed: number;
  /** In percent, undefined where nothing was mutated. */
  readonly score: number | undefined;
}

export interface RoomScore extends Rate {
  readonly room: Room;
  readonly survivors: readonly string[];
  /** A line for each file of which less was found than is demanded of each. */
  readonly filesBelow: readonly string[];
}

const foundStatuses = ['Killed', 'Timeout'];
/** No test runs the code, or none fails. Mutants that are no programs, or were left out, count for nothing. */
const missedStatuses = ['Survived', 'NoCoverage'];

/** The score of a file with fewer mutants is chance. */
const leastMutants = 4;

export function scoreOf(room: Room, { files }: MutationReport): RoomScore {
  const own = Object.entries(files).filter(([path]) => matchesGlob(path, room.files));
  const ofFiles = own.map(([path, { mutants }]) => ({ name: path, ...rate(mutants) }));
  const { demandedOfEach = 0 } = room;
  return {
    room,
    ...rate(own.flatMap(([, { mutants }]) => mutants)),
    survivors: own.flatMap(([path, { source, mutants }]) =>
      mutants.filter(isMissed).map((mutant) => describeSurvivor(path, source, mutant)),
    ),
    filesBelow: ofFiles
      .filter(({ found, missed, score = 100 }) => found + missed >= leastMutants && score < demandedOfEach)
      .map((file) => `BELOW  ${formatRate(file)}, demanded of each file: ${demandedOfEach} %`),
  };
}

function rate(mutants: readonly Mutant[]): Rate {
  const found = mutants.filter(({ status }) => foundStatuses.includes(status)).length;
  const missed = mutants.filter(isMissed).length;
  const all = found + missed;
  return { found, missed, score: all === 0 ? undefined : (100 * found) / all };
}

const isMissed = ({ status }: Mutant) => missedStatuses.includes(status);

/** Whether the unit tests find as many as is demanded. A room in which nothing was mutated is one that is not where it was. */
export function isEnough({ score, room: { demanded }, filesBelow }: RoomScore): boolean {
  return score !== undefined && (demanded === undefined || score >= demanded) && filesBelow.length === 0;
}

export function formatScore(result: RoomScore): string {
  const { name, demanded } = result.room;
  const end = demanded === undefined ? '' : `, demanded: ${demanded} %`;
  const line = `${isEnough(result) ? 'ok    ' : 'BELOW '} ${formatRate({ name, ...result })}${end}`;
  return [...result.filesBelow, line].join('\n');
}

function formatRate({ name, found, missed, score }: Rate & { readonly name: string }): string {
  return `${name}: ${score === undefined ? 'nothing was mutated' : `${score.toFixed(1)} %, ${found} of ${found + missed}`}`;
}

function describeSurvivor(
  path: string,
  source: string,
  { location, mutatorName, replacement, status }: Mutant,
): string {
  const { start, end } = location;
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = (lines.at(-1) ?? '').slice(0, end.column - 1);
  const original = [...lines.slice(0, -1), last].join('\n').slice(start.column - 1);
  const note = status === 'NoCoverage' ? ' (no test runs it)' : '';
  return `${path}:${start.line}:${start.column} ${mutatorName}: ${oneLine(original)} -> ${oneLine(replacement ?? '')}${note}`;
}

function oneLine(text: string): string {
  const words = text.split(/\s+/).join(' ').trim();
  return words.length > 70 ? `${words.slice(0, 67)}...` : words;
}
