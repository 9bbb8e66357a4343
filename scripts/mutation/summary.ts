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

export interface RoomScore {
  readonly room: Room;
  readonly found: number;
  readonly missed: number;
  /** In percent, undefined where nothing was mutated. */
  readonly score: number | undefined;
  readonly survivors: readonly string[];
}

const foundStatuses = ['Killed', 'Timeout'];
/** No test runs the code, or none fails. Mutants that are no programs, or were left out, count for nothing. */
const missedStatuses = ['Survived', 'NoCoverage'];

export function scoreOf(room: Room, { files }: MutationReport): RoomScore {
  const own = Object.entries(files).filter(([path]) => matchesGlob(path, room.files));
  const mutants = own.flatMap(([path, { source, mutants }]) => mutants.map((mutant) => ({ path, source, mutant })));
  const found = mutants.filter(({ mutant }) => foundStatuses.includes(mutant.status)).length;
  const survivors = mutants.filter(({ mutant }) => missedStatuses.includes(mutant.status));
  const all = found + survivors.length;
  return {
    room,
    found,
    missed: survivors.length,
    score: all === 0 ? undefined : (100 * found) / all,
    survivors: survivors.map(({ path, source, mutant }) => describeSurvivor(path, source, mutant)),
  };
}

/** Whether the unit tests find as many as is demanded. A room in which nothing was mutated is one that is not where it was. */
export function isEnough({ score, room: { demanded } }: RoomScore): boolean {
  return score !== undefined && (demanded === undefined || score >= demanded);
}

export function formatScore(result: RoomScore): string {
  const { room, found, missed, score } = result;
  const shown = score === undefined ? 'nothing was mutated' : `${score.toFixed(1)} %, ${found} of ${found + missed}`;
  const demanded = room.demanded === undefined ? '' : `, demanded: ${room.demanded} %`;
  return `${isEnough(result) ? 'ok    ' : 'BELOW '} ${room.name}: ${shown}${demanded}`;
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
